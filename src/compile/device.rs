//! One device: resolve, check, render.

use crate::known;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use toml::Table;

use super::meter::Pass;
use super::unit::Worker;
use crate::check;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{DeviceId, Status, Suggest};
use crate::render::{Given, Rendered, render_table, template_context};
use crate::resolve::{BookChoice, Deriver, DeviceDoc, ElementDoc, Placement, place_keys};
use crate::settings::{Device, Element, Registry, Sensitivity, Slot, Subject, Val};
use crate::vendor::{FilePlan, FileScope, Model, Pack, Plan, Syntax};

/// A device with all that is known of it.
pub struct Compiled<'u> {
    /// Its key.
    pub id: DeviceId,
    /// Its model's plan.
    pub plan: Arc<Plan>,
    /// Its settings, also when it is switched off.
    pub device: Device<'u>,
    /// Free-form values.
    pub vars: Table,
    /// Whether it gets its accounts on the day of the build.
    pub enabled: bool,
    /// Folder below `site/`.
    pub folder: &'u str,
    /// Its book.
    pub book: Option<BookChoice>,
}

/// A file of the site.
pub struct OutFile<'f> {
    /// Path below `site/`.
    pub path: String,
    /// The device it is for; `None` for a book.
    pub device: Option<String>,
    /// Whose phones read it: the pack's id.
    pub vendor: &'f str,
    /// The pack's id of the file.
    pub kind: &'f str,
    /// Media type.
    pub content_type: &'f str,
    /// The harm it can do.
    pub sensitivity: Sensitivity,
    /// Whether its path never holds anything else.
    pub immutable: bool,
}

impl OutFile<'_> {
    /// How long the edge may keep it.
    pub fn cache_control(&self) -> &'static str {
        if self.immutable {
            "public, max-age=31536000, immutable"
        } else if self.sensitivity <= Sensitivity::Internal {
            "public, max-age=300, must-revalidate"
        } else {
            "private, max-age=0, must-revalidate"
        }
    }
}

impl<'g: 'u, 'u> Worker<'_, 'g, 'u> {
    /// Resolves a device; `None` where it cannot be told what it is. Findings are collected.
    pub fn resolve(&mut self, doc: &DeviceDoc<'u>, place: usize) -> Option<Compiled<'u>> {
        self.within(Pass::Check, |worker| check::record(worker, doc));
        let (pack, model) = self.model_of(doc)?;
        let id = doc.id.as_ref()?.value;
        self.within(Pass::Check, |worker| check::identity(worker, doc, id, pack, model));
        let (mut device, vars, line_base) = self.resolver.device(doc, place, pack, model);
        let firmware = self.firmware(&mut device, pack, model);
        let plan = self.within(Pass::Plan, |worker| worker.context.plans.get(pack, model, firmware));
        self.lines(doc, &mut device, &line_base, model);
        self.parts(doc, &mut device, model);
        let generation = device.slot(known!("prov.auth.generation")).value.int().unwrap_or(1);
        let folder = self.site.device_folder(id, generation, self.arena);
        let enabled = doc.status == Status::Active && doc.activate.as_ref().is_none_or(|activate| activate.value <= self.context.as_of);
        self.record_slots(doc, &mut device, id, model, enabled);
        self.assets(&mut device, &plan);
        let book = self.choose_book(&device, place, &plan);
        let main_file = plan
            .files
            .iter()
            .find(|file| file.spec.id == "main")
            .map(|file| file.name(&id.to_string(), self.site.customer))
            .unwrap_or_default();
        let placement = Placement {
            folder,
            book: book.as_ref().filter(|_| enabled).and_then(|book| self.book_url(&device, &plan, book)),
            title: self.docs.name,
            main_file: self.arena.alloc_str(&main_file),
        };
        let mut deriver =
            Deriver { fleet: &self.context.fleet, site: &self.site, plan: &plan, id, arena: self.arena, zones: &mut self.zones };
        device.lines.iter_mut().for_each(|line| deriver.line(line));
        deriver.device(&mut device, &placement);
        let docs = self.resolver.keys(doc, place, &device, &mut self.diagnostics);
        let (mut keys, beyond) = place_keys(&docs, &device, &plan, &mut self.diagnostics);
        for (key, what) in beyond {
            check::beyond_layout(self, &key, what, &plan);
        }
        keys.iter_mut().for_each(|key| self.resolver.complete_key(key, &device));
        device.keys = keys;
        for lost in plan.narrow(&mut device, self.arena) {
            check::lost(self, &lost, &plan);
        }
        plan.number(&mut device);
        self.within(Pass::Check, |worker| check::device(worker, doc, &device, &plan));
        Some(Compiled { id, plan, device, vars, enabled, folder, book })
    }

    fn model_of(&mut self, doc: &DeviceDoc<'u>) -> Option<(&'u Arc<Pack>, &'u Model)> {
        let written = doc.model.as_ref()?;
        let name: &str = written.value;
        let packs: &'u crate::vendor::Packs = self.packs;
        let (vendor, short) = name.split_once('/').unwrap_or((name, ""));
        let pack = packs.get(vendor);
        if let Some(pack) = pack
            && let Some(model) = pack.model(short)
        {
            return Some((pack, model));
        }
        let known: Vec<String> = match pack {
            Some(pack) => pack.models.values().map(|model| model.id.clone()).collect(),
            None => {
                packs.ids().filter_map(|id| packs.get(id)).flat_map(|pack| pack.models.values().map(|model| model.id.clone())).collect()
            }
        };
        let what = if pack.is_some() {
            format!("there is no model \"{}\"", name.escape_debug())
        } else {
            format!("there is no vendor \"{}\"", vendor.escape_debug())
        };
        let best = Suggest::among(known.iter().map(String::as_str)).closest(name).map(str::to_owned);
        let mut found = Diagnostic::new(Code::DEVICE_UNKNOWN_MODEL, what).at(&doc.path, written.span.clone(), "not known");
        found.help.extend(best.map(|best| format!("did you mean \"{best}\"?")));
        found.help.push("`sipress vendors` lists all models; a fleet's own `vendors/` may add one".to_owned());
        self.diagnostics.push(found);
        None
    }

    /// The firmware that the files are written for: the pin, else the rollout.
    fn firmware(&mut self, device: &mut Device<'u>, pack: &Pack, model: &Model) -> Option<&'u str> {
        let setting = known!("firmware.version");
        let slot = device.slot(setting);
        if let Some(version) = slot.value.str() {
            if self.context.fleet.firmware(&model.id, version).is_none() {
                check::unknown_firmware(self, slot, model, version);
            }
            check::firmware_range(self, slot, pack, model, version);
            return Some(version);
        }
        let rollout = self.context.fleet.rollout(&model.id, self.site.customer)?;
        device.slots[setting.slot as usize] = Slot::derived(Val::Str(rollout.version), crate::settings::Derived::Firmware);
        Some(rollout.version)
    }

    fn lines(&mut self, doc: &DeviceDoc<'u>, device: &mut Device<'u>, base: &[Slot<'u>], model: &Model) {
        let mut seen: BTreeMap<u16, &ElementDoc<'u>> = BTreeMap::new();
        for line in &doc.lines {
            let Some((number, _)) = line.number else { continue };
            if !check::line_number(self, doc, line, seen.get(&number).copied(), model) {
                continue;
            }
            seen.insert(number, line);
            check::extension(self, line);
        }
        device.lines = seen.into_iter().map(|(number, line)| self.resolver.line(base, number, &doc.layer, line)).collect();
        let enabled = known!("line.enabled");
        device.lines.retain(|line| line.slot(enabled).value != Val::Bool(false));
    }

    fn parts(&mut self, doc: &DeviceDoc<'u>, device: &mut Device<'u>, model: &Model) {
        device.handsets = self.numbered(doc, &doc.handsets, Subject::Handset, model, "handsets");
        device.ports = self.numbered(doc, &doc.ports, Subject::Port, model, "ports");
        device.relays = self.numbered(doc, &doc.relays, Subject::Relay, model, "relays");
        let line = known!("port.line");
        for number in 1..=model.number("ports").clamp(0, 128) as u16 {
            if Device::numbered(&device.ports, number).is_none()
                && let Some(own) = device.line(number)
            {
                let port = Element::empty(Subject::Port, number, own.origin);
                device.ports.insert(device.ports.partition_point(|port| port.number < number), port);
            }
        }
        for port in device.ports.iter_mut().filter(|port| port.slot(line).value == Val::Absent) {
            port.slots[line.slot as usize] = Slot::derived(Val::Int(i64::from(port.number)), crate::settings::Derived::Fallback);
        }
    }

    fn numbered(
        &mut self,
        doc: &DeviceDoc<'u>,
        parts: &[ElementDoc<'u>],
        subject: Subject,
        model: &Model,
        count: &str,
    ) -> Vec<Element<'u>> {
        let mut placed: BTreeMap<u16, (Element<'u>, &ElementDoc<'u>)> = BTreeMap::new();
        for part in parts {
            let Some((number, _)) = part.number else { continue };
            if !check::part_number(self, doc, part, placed.get(&number).map(|(_, first)| *first), model, count) {
                continue;
            }
            let mut element = Element::empty(subject, number, part.origin);
            for (id, slot) in &part.settings {
                let setting = Registry::get().setting(*id);
                if setting.subject == subject {
                    element.slots[setting.slot as usize] = *slot;
                }
            }
            placed.insert(number, (element, part));
        }
        placed.into_values().map(|(element, _)| element).collect()
    }

    /// The record's own fields, for templates and names.
    fn record_slots(&self, doc: &DeviceDoc<'u>, device: &mut Device<'u>, id: DeviceId, model: &Model, enabled: bool) {
        use crate::settings::Derived;
        let text = |text: &str| Val::Str(self.arena.alloc_str(text));
        let mut set = |name: &str, value: Val<'u>| {
            device.slots[Registry::get().known(name).slot as usize] = Slot::derived(value, Derived::Identifier)
        };
        let canonical = text(&id.to_string());
        set("device.id", canonical);
        set(&format!("device.{}", id.kind()), canonical);
        set("device.vendor", text(model.id.split('/').next().unwrap_or_default()));
        set("device.model", text(&model.id));
        set("device.customer", Val::Str(self.site.customer));
        set("device.enabled", Val::Bool(enabled));
        if let Some(family) = model.families.first() {
            set("device.family", text(family));
        }
        if let Some(package) = &doc.package {
            set("device.rental_package", Val::Str(package.value));
        }
        let date = |date: Date| text(&date.to_string());
        if let Some(activate) = &doc.activate {
            set("device.enabled_date", date(activate.value));
        }
    }

    /// Renders the device's files and hands them over.
    pub fn render(&mut self, compiled: &Compiled<'u>, rendered: &mut Rendered, sink: &mut dyn super::Sink) -> std::io::Result<()> {
        self.render_files(compiled, false, rendered, sink)
    }

    /// Renders what is not for the phone but for its operator, such as a QR code to enrol it, and hands it over.
    pub fn render_private(&mut self, compiled: &Compiled<'u>, rendered: &mut Rendered, sink: &mut dyn super::Sink) -> std::io::Result<()> {
        self.render_files(compiled, true, rendered, sink)
    }

    fn render_files(
        &mut self,
        compiled: &Compiled<'u>,
        private: bool,
        rendered: &mut Rendered,
        sink: &mut dyn super::Sink,
    ) -> std::io::Result<()> {
        let blank;
        let device = if compiled.enabled {
            &compiled.device
        } else {
            blank = switched_off(&compiled.device);
            &blank
        };
        let id = compiled.id.to_string();
        let plan = compiled.plan.clone();
        if !private && self.carry(compiled, device, &id, sink)? {
            return Ok(());
        }
        let (before, mut whole) = (self.diagnostics.len(), true);
        let wanted = |file: &&FilePlan| (file.spec.scope == FileScope::Private) == private && plan.has_file(file, device);
        for file in plan.files.iter().filter(wanted) {
            let name = file.name(&id, self.site.customer);
            match (file.spec.scope, file.spec.syntax) {
                (FileScope::Directory, _) => {
                    if compiled.enabled
                        && let Some(book) = &compiled.book
                    {
                        self.want_book(&plan, file, book);
                    }
                    continue;
                }
                (_, Syntax::Template) => whole &= self.render_template(compiled, device, file, rendered),
                _ => {
                    render_table(&plan, file, device, &name, rendered);
                    self.encode(file, rendered);
                    self.within(Pass::Check, |worker| check::problems(worker, compiled, file, &name, rendered));
                }
            }
            let sensitivity = rendered.evaluation.sensitivity.unwrap_or(Sensitivity::Public);
            let path = if private { format!("{}/{name}", self.site.customer) } else { compiled.path(&name) };
            let out = OutFile {
                path,
                device: Some(id.clone()),
                vendor: &plan.pack.id,
                kind: &file.spec.id,
                content_type: &file.spec.content_type,
                sensitivity,
                immutable: false,
            };
            if !private {
                check::exposure(self, compiled, file, sensitivity);
            }
            sink.take(&out, &rendered.bytes)?;
            if !private {
                self.paths.push(out.path);
            }
        }
        // What was found in rendering would not be found again.
        if !whole || self.diagnostics.len() > before {
            self.made_of.remove(&id);
        }
        Ok(())
    }

    /// Takes a device's files over from the last build, where they are made of the same.
    fn carry(&mut self, compiled: &Compiled<'u>, device: &Device<'u>, id: &str, sink: &mut dyn super::Sink) -> std::io::Result<bool> {
        if !sink.remembers() {
            return Ok(false);
        }
        let made_of = self.made_of(compiled, device);
        self.made_of.insert(id.to_owned(), made_of);
        if sink.last_made_of(id) != Some(made_of) {
            return Ok(false);
        }
        let plan = compiled.plan.clone();
        let of_scope = |scope| plan.files.iter().filter(move |file| file.spec.scope == scope).filter(|file| plan.has_file(file, device));
        let paths: Vec<String> = of_scope(FileScope::Device).map(|file| compiled.path(&file.name(id, self.site.customer))).collect();
        let Some(sensitivities) = sink.carry(id, &plan.pack.id, &paths)? else { return Ok(false) };
        // How well a path is protected is not a matter of what its file is made of.
        for (file, sensitivity) in of_scope(FileScope::Device).zip(sensitivities) {
            check::exposure(self, compiled, file, sensitivity);
        }
        self.paths.extend(paths);
        if let Some(book) = compiled.book.as_ref().filter(|_| compiled.enabled) {
            of_scope(FileScope::Directory).for_each(|file| self.want_book(&plan, file, book));
        }
        Ok(true)
    }

    /// Makes of a file's text the bytes that are served: another character set, a serial number, a picture.
    fn encode(&self, file: &FilePlan, rendered: &mut Rendered) {
        if let Err(message) = crate::render::encode(&file.spec, &mut rendered.bytes) {
            rendered.failure = rendered.failure.take().or(Some(message));
        }
    }

    /// Renders a template; false where something was found in it, be it for another device before.
    fn render_template(&mut self, compiled: &Compiled<'u>, device: &Device<'u>, file: &FilePlan, rendered: &mut Rendered) -> bool {
        let of_book = file.spec.uses.iter().all(|name| name.starts_with("phonebook."));
        let limit = compiled.plan.model.contacts.or(file.spec.limit);
        rendered.evaluation.problems.clear();
        rendered.evaluation.values.clear();
        rendered.evaluation.sensitivity = file.spec.uses.iter().map(|name| sensitivity_of(name)).max();
        rendered.bytes.clear();
        let book = compiled.book.as_ref().filter(|_| compiled.enabled);
        if of_book {
            let made = self.book_file(&compiled.plan, file, book, limit);
            rendered.bytes.extend_from_slice(&made.bytes);
            return made.whole;
        }
        let contents = book.map(|book| self.book_of(book));
        let given = Given {
            device: Some(device),
            vars: &compiled.vars,
            book: contents.as_deref(),
            title: book.map_or(self.docs.name, |book| book.title.as_str()),
            limit,
        };
        let context = template_context(&file.spec.uses, &given);
        match self.context.templates.render(&compiled.plan.pack, &file.spec, &context, &compiled.id.to_string()) {
            Ok(bytes) => rendered.bytes = bytes,
            Err(found) => self.diagnostics.push(found),
        }
        true
    }
}

impl Compiled<'_> {
    /// The path below `site/` of a file of this name.
    fn path(&self, name: &str) -> String {
        if self.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", self.folder) }
    }
}

/// The sensitivity of what a template may read.
pub fn sensitivity_of(name: &str) -> Sensitivity {
    match name {
        "vars" => Sensitivity::Internal,
        _ if name.starts_with("phonebook.") => Sensitivity::Personal,
        _ => Registry::get().find(name).map_or(Sensitivity::Public, |setting| setting.sensitivity),
    }
}

/// A device without lines and keys: what its phone is told so that it forgets its accounts and goes on fetching.
fn switched_off<'u>(device: &Device<'u>) -> Device<'u> {
    let mut off = Device { slots: device.slots.clone(), ..Device::default() };
    for name in ["phonebook.url", "phonebook.base", "phonebook.title"] {
        off.slots[Registry::get().known(name).slot as usize] = Slot::EMPTY;
    }
    off
}
