//! `vendors`

use crate::known;
use std::collections::BTreeMap;

use serde_json::json;

use super::args::{Global, Vendors};
use super::output::{Exit, Output};
use crate::compile::Plans;
use crate::diagnostic::{Format, visible};
use crate::run::Project;
use crate::settings::{Registry, Role, Setting};
use crate::vendor::{Coding, Model, Pack, Packs, PictureFacts, Plan, RingFacts};

pub fn run(global: &Global, own: &Vendors, output: &Output) -> Exit {
    if let Some(kit) = &own.kit {
        return super::kit::run(global, kit, output);
    }
    let root = match &global.root {
        Some(_) => match super::setup::root(global, output) {
            Ok(root) => Some(root),
            Err(exit) => return exit,
        },
        None => super::setup::find_root(global),
    };
    let project = root.map(|root| Project::open(&root));
    let embedded;
    let packs = match &project {
        Some(project) => &project.packs,
        None => {
            embedded = Packs::new(Vec::new());
            &embedded
        }
    };
    let (vendor, model) = own
        .filter
        .as_deref()
        .map_or((None, None), |filter| filter.split_once('/').map_or((Some(filter), None), |(vendor, model)| (Some(vendor), Some(model))));
    let chosen: Vec<_> = packs.ids().filter(|id| vendor.is_none_or(|vendor| vendor == *id)).filter_map(|id| packs.get(id)).collect();
    if chosen.is_empty() {
        return output.fail(
            &format!("there is no vendor \"{}\"", visible(vendor.unwrap_or_default())),
            &format!("there are {}", packs.ids().collect::<Vec<_>>().join(", ")),
        );
    }
    if let Some(model) = model.filter(|model| !chosen.iter().any(|pack| pack.model(model).is_some())) {
        let near = crate::model::Suggest::among(chosen.iter().flat_map(|pack| pack.models.keys().map(String::as_str))).closest(model);
        return output.fail(
            &format!("there is no model \"{}\"", visible(own.filter.as_deref().unwrap_or_default())),
            &near.map_or_else(String::new, |near| format!("did you mean {near}?")),
        );
    }
    let models = |pack: &'_ Pack| -> Vec<Model> {
        pack.models
            .values()
            .filter(|own| model.is_none_or(|wanted| pack.model(wanted).is_some_and(|found| found.id == own.id)))
            .cloned()
            .collect()
    };
    if own.matrix {
        let plans = Plans::default();
        let rows: Vec<Matrix> = chosen.iter().map(|pack| Matrix::of(pack, &models(pack), &plans)).collect();
        return output.result(&if own.format == Format::Json {
            format!("{}\n", json!(rows.iter().map(Matrix::json).collect::<Vec<_>>()))
        } else {
            rows.iter().map(Matrix::text).collect()
        });
    }
    if own.format == Format::Json {
        let list: Vec<_> = chosen.iter().map(|pack| json!({ "id": pack.id, "name": pack.name, "identity": pack.identity, "models": models(pack).iter().map(model_json).collect::<Vec<_>>() })).collect();
        return output.result(&format!("{}\n", json!(list)));
    }
    if model.is_some() {
        return output.result(&chosen.iter().flat_map(|pack| models(pack).into_iter().map(|model| told(pack, &model))).collect::<String>());
    }
    output.result(&chosen.iter().map(|pack| listed(pack, &models(pack))).collect::<String>())
}

fn model_json(model: &Model) -> serde_json::Value {
    let facts = &model.facts;
    json!({
        "id": model.id, "name": model.name, "aliases": model.aliases, "class": model.class, "families": model.families,
        "numbers": model.numbers, "module": model.module, "capabilities": model.capabilities, "firmware": model.firmware,
        "source": model.source, "confidence": model.confidence,
        "screen": facts.screen, "codecs": facts.codecs, "transports": facts.transports,
        "login": facts.login, "encryption": facts.encryption, "redirect": facts.redirect, "firmware_range": facts.firmware_range,
        "assets": facts.assets,
    })
}

/// All that is known of one model, a fact a line. What no source tells is not there.
fn told(pack: &Pack, model: &Model) -> String {
    let facts = &model.facts;
    let numbers = model.numbers.iter().map(|(name, number)| format!("{name} {number}")).collect::<Vec<_>>().join(", ");
    let screen = facts.screen.map(|size| format!("{size} pixels")).unwrap_or_default();
    let confidence = match model.confidence.as_deref() {
        Some("2+") => "two or more independent sources",
        Some("1") => "one source",
        Some("bg") => "from memory, no public source",
        _ => "not said",
    };
    let rows = [
        ("also", model.aliases.join(", ")),
        ("class", model.class.clone()),
        ("families", model.families.join(" < ")),
        ("numbers", numbers),
        ("module", model.module.clone().unwrap_or_default()),
        ("can", model.capabilities.join(", ")),
        ("screen", screen),
        ("wallpaper", facts.assets.wallpaper.as_ref().map(picture).unwrap_or_default()),
        ("logo", facts.assets.logo.as_ref().map(picture).unwrap_or_default()),
        ("screensaver", facts.assets.screensaver.as_ref().map(picture).unwrap_or_default()),
        ("ringtone", facts.assets.ringtone.as_ref().map(ring).unwrap_or_default()),
        ("codecs", facts.codecs.join(", ")),
        ("transports", facts.transports.join(", ")),
        ("login", facts.login.join(", ")),
        ("encryption", facts.encryption.join(", ")),
        ("redirect", facts.redirect.clone().unwrap_or_default()),
        ("firmware", [model.firmware.iter().cloned().collect(), facts.firmware_range.clone()].concat().join(", ")),
        ("files", pack_files(pack)),
        ("source", model.source.clone().unwrap_or_default()),
        ("sure", confidence.to_owned()),
    ];
    let mut text = format!("{}   {} {}\n", model.id, pack.name, model.name);
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(&format!("  {name:<11} {}\n", visible(value)));
    }
    text
}

fn picture(facts: &PictureFacts) -> String {
    let size = facts.size.map(|size| format!("{size} pixels"));
    let grey = facts.grey.map(|grey| format!("{} shades of grey", grey.shades()));
    let bytes = facts.max_bytes.map(|max| format!("at most {max} bytes"));
    [Some(facts.formats.join(" or ")), size, grey, bytes].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn ring(facts: &RingFacts) -> String {
    let any = |list: Vec<String>, what: &str| (!list.is_empty()).then(|| format!("{}{what}", list.join(" or ")));
    let parts = [
        Some(facts.formats.join(" or ")),
        any(facts.codings.iter().map(Coding::to_string).collect(), ""),
        any(facts.rates.iter().map(u32::to_string).collect(), " Hz"),
        facts.channels.map(|most| format!("{most} channels at most")),
        facts.max_bytes.map(|max| format!("at most {max} bytes")),
        facts.max_seconds.map(|max| format!("at most {max} s")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn pack_files(pack: &Pack) -> String {
    pack.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn listed(pack: &Pack, models: &[Model]) -> String {
    let mut text = format!("{} ({})   {} models, keyed by {}\n", pack.name, pack.id, models.len(), pack.identity.join(", "));
    for model in models {
        let keys = ["line", "memory", "programmable"]
            .iter()
            .filter(|area| model.keys(area) > 0)
            .map(|area| format!("{} {area} keys", model.keys(area)));
        let modules = (model.number("modules") > 0).then(|| {
            format!(
                "{} × {} keys{}",
                model.number("modules"),
                model.number("module_keys"),
                model.module.as_ref().map(|module| format!(" ({module})")).unwrap_or_default()
            )
        });
        let facts: Vec<String> = std::iter::once(format!("{} lines", model.lines())).chain(keys).chain(modules).collect();
        text.push_str(&format!(
            "  {:<32} {:<24} {:<10} {}   [{}]\n",
            model.id,
            model.name,
            model.class,
            facts.join(", "),
            model.confidence.as_deref().unwrap_or("?")
        ));
    }
    text
}

/// What the models of a vendor can be told.
struct Matrix {
    vendor: String,
    models: Vec<String>,
    settings: BTreeMap<&'static str, Vec<bool>>,
    keys: BTreeMap<&'static str, Vec<bool>>,
}

impl Matrix {
    fn of(pack: &std::sync::Arc<Pack>, models: &[Model], plans: &Plans) -> Matrix {
        let plans: Vec<std::sync::Arc<Plan>> = models.iter().map(|model| plans.get(pack, model, None)).collect();
        let told = |setting: &&Setting| setting.role == Role::Setting && plans.iter().any(|plan| plan.reads(setting.id));
        let settings = Registry::get()
            .all()
            .iter()
            .filter(told)
            .map(|setting| (setting.name.as_str(), plans.iter().map(|plan| plan.reads(setting.id)).collect()));
        let types = known!("key.type").values.iter().enumerate();
        let keys = types.map(|(kind, name)| {
            (name.as_str(), plans.iter().map(|plan| (0..5).any(|area| plan.keys.find(kind as u8, area).is_some())).collect::<Vec<bool>>())
        });
        Matrix {
            vendor: pack.id.clone(),
            models: models.iter().map(|model| model.id.clone()).collect(),
            settings: settings.collect(),
            keys: keys.filter(|(_, have)| have.contains(&true)).collect(),
        }
    }

    fn json(&self) -> serde_json::Value {
        let honoured = |rows: &BTreeMap<&'static str, Vec<bool>>| -> BTreeMap<String, Vec<String>> {
            rows.iter()
                .map(|(name, have)| {
                    ((*name).to_owned(), self.models.iter().zip(have).filter(|(_, have)| **have).map(|(model, _)| model.clone()).collect())
                })
                .collect()
        };
        json!({ "schema": 1, "id": self.vendor, "models": self.models, "settings": honoured(&self.settings), "keys": honoured(&self.keys) })
    }

    fn text(&self) -> String {
        let all = self.models.len();
        let mut text = format!("{}: {} settings and {} key types in {all} models\n", self.vendor, self.settings.len(), self.keys.len());
        for (title, rows) in [("settings", &self.settings), ("key types", &self.keys)] {
            text.push_str(&format!("{title}\n"));
            for (name, have) in rows {
                let count = have.iter().filter(|have| **have).count();
                let lacking: Vec<&str> = self
                    .models
                    .iter()
                    .zip(have)
                    .filter(|(_, have)| !**have)
                    .map(|(model, _)| model.split('/').nth(1).unwrap_or(model))
                    .collect();
                let which = match (count == all, lacking.len()) {
                    (true, _) => "all".to_owned(),
                    (false, 0..6) => format!("all but {}", lacking.join(", ")),
                    _ => format!("{count} of {all}"),
                };
                text.push_str(&format!("  {name:<40} {which}\n"));
            }
        }
        text
    }
}
