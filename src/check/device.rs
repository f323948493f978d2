//! Rules of a single device.

use crate::known;
use std::collections::BTreeMap;

use crate::compile::Worker;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{DeviceId, Status, Suggest};
use crate::resolve::DeviceDoc;
use crate::settings::{Device, Slot, Val};
use crate::vendor::{Model, Pack, Plan};

/// The record: package, dates, customer.
pub fn record(worker: &mut Worker<'_, '_, '_>, doc: &DeviceDoc<'_>) {
    if let Some(package) = &doc.package
        && !worker.context.fleet.packages.contains(&package.value)
    {
        let found = super::customer::unknown_package(&worker.context.fleet.packages, package.value);
        worker.diagnostics.push(found.at(&doc.path, package.span.clone(), "not in packages.toml"));
    }
    if let (Some(requested), Some(activate)) = (&doc.requested, &doc.activate)
        && activate.value < requested.value
    {
        let found =
            Diagnostic::new(Code::DEVICE_ACTIVATION_BEFORE_REQUEST, format!("activated on {}, before it was requested", activate.value));
        let found = found.at(&doc.path, activate.span.clone(), "earlier than the request").see(
            &doc.path,
            requested.span.clone(),
            format!("requested on {}", requested.value),
        );
        worker.diagnostics.push(found.help("mend one of the two dates"));
    }
    customer(worker, doc);
}

fn customer(worker: &mut Worker<'_, '_, '_>, doc: &DeviceDoc<'_>) {
    if let Some(named) = &doc.customer
        && named.value != worker.site.customer
    {
        let known = &worker.context.customers;
        let is_known = known.iter().any(|known| known == named.value);
        let (message, label) = match is_known {
            true => {
                (format!("the device stands in the folder of \"{}\" and names another customer", worker.site.customer), "another customer")
            }
            false => (format!("there is no customer \"{}\"", named.value.escape_debug()), "not known"),
        };
        let mut found = Diagnostic::new(Code::CUSTOMER_UNKNOWN, message).at(&doc.path, named.span.clone(), label);
        found.help.extend(
            Suggest::among(known.iter().map(String::as_str))
                .closest(named.value)
                .filter(|_| !is_known)
                .map(|best| format!("did you mean \"{best}\"?")),
        );
        worker
            .diagnostics
            .push(found.help("a device belongs to the customer whose folder holds it: leave `customer` out, or move the file"));
    }
    if worker.is_stock && doc.status != Status::Stock && doc.status != Status::Retired {
        let found = Diagnostic::new(Code::DEVICE_NO_CUSTOMER, "a device that no customer has");
        let found = found.at(&doc.path, doc.id.as_ref().map_or(doc.span.clone(), |id| id.span.clone()), "this device");
        worker.diagnostics.push(found.help("move its file below a folder with customer.toml, or say status = \"stock\""));
    }
}

/// The identifier: of the kind that the vendor's files are named after, and of the vendor's own range.
pub fn identity(worker: &mut Worker<'_, '_, '_>, doc: &DeviceDoc<'_>, id: DeviceId, pack: &Pack, model: &Model) {
    let Some(field) = &doc.id else { return };
    if !pack.identity.iter().any(|kind| kind == id.kind()) {
        let found = Diagnostic::new(
            Code::DEVICE_IDENTITY_KIND,
            format!("the {} is keyed by {}, not by {}", model.name, pack.identity.join(" or "), id.kind()),
        );
        worker.diagnostics.push(
            found
                .at(&doc.path, field.span.clone(), "the phone asks for no file of this name")
                .help(format!("give its {}", pack.identity.join(" or "))),
        );
        return;
    }
    if let DeviceId::Mac(mac) = id
        && !pack.ouis.is_empty()
        && !pack.ouis.contains(&mac.oui())
    {
        let found = Diagnostic::new(Code::DEVICE_OUI_MISMATCH, format!("{} is not a MAC range of {} that is known", mac.oui(), pack.name));
        let found = found.at(&doc.path, field.span.clone(), "check it against the label on the phone");
        worker
            .diagnostics
            .push(found.help("if the phone really has it, allow `device::oui-mismatch` under [policy.diagnostics] in fleet.toml"));
    }
}

/// A firmware version that the catalogue lacks.
pub fn unknown_firmware(worker: &mut Worker<'_, '_, '_>, slot: Slot<'_>, model: &Model, version: &str) {
    let versions: Vec<&str> = worker.context.fleet.firmware.iter().filter(|row| row.model == model.id).map(|row| row.version).collect();
    let mut found =
        Diagnostic::new(Code::FIRMWARE_UNKNOWN, format!("firmware.toml has no version \"{}\" for {}", version.escape_debug(), model.id));
    if let Some((path, span)) = worker.locator.value(slot.origin) {
        found = found.at(&path, span, "not in the catalogue");
    }
    found.help.extend(Suggest::among(versions.iter().copied()).closest(version).map(|best| format!("did you mean \"{best}\"?")));
    worker.diagnostics.push(found.help("add a [[firmware]] with this model and version to devices/firmware.toml"));
}

/// The resolved device against its model.
pub fn device(worker: &mut Worker<'_, '_, '_>, doc: &DeviceDoc<'_>, device: &Device<'_>, plan: &Plan) {
    super::line::accounts(worker, doc, device);
    super::line::servers(worker, doc, device, plan);
    super::line::transports(worker, device, plan);
    keys(worker, device, plan);
    stun(worker, device);
    ports(worker, device);
    raw(worker, device, plan);
    template(worker, device, plan);
    dial_plan(worker, device, plan);
    super::ignored::note(worker, device, plan);
}

/// A firmware version that does not exist for the model.
pub fn firmware_range(worker: &mut Worker<'_, '_, '_>, slot: Slot<'_>, pack: &Pack, model: &Model, version: &str) {
    let own = crate::vendor::Version::parse(version, pack.firmware_prefix);
    let Some(broken) = model.facts.firmware_range.iter().find(|condition| own.meets(condition) == Some(false)) else { return };
    if let Some((path, span)) = worker.locator.value(slot.origin) {
        let message = format!("there is no firmware {} for the {}", version.escape_debug(), model.name);
        let found = Diagnostic::new(Code::FIRMWARE_OUT_OF_RANGE, message).at(&path, span, format!("it has versions {broken}"));
        worker.diagnostics.push(found.help("pin a version that the maker has for this model"));
    }
}

/// A dial plan that the phone is told in rules or templates is the same for all lines, and can be said in them.
fn dial_plan(worker: &mut Worker<'_, '_, '_>, device: &Device<'_>, plan: &Plan) {
    let templates = plan.reads(known!("dial.templates").id);
    if !templates && !plan.reads(known!("dial.rules[].pattern").id) {
        return;
    }
    let place = |worker: &Worker<'_, '_, '_>, slot: Slot<'_>| worker.locator.value(slot.origin);
    let found = match device.agreed(known!("dial.plan")) {
        Err([(first, own), (second, other)]) => {
            let message = format!("`dial.plan` is phone-wide on the {}, and lines {first} and {second} want it otherwise", plan.model.name);
            let mut found = Diagnostic::new(Code::VENDOR_LINES_DIFFER, message).help("give all lines of this device the same value");
            for (order, (path, span)) in [other, own].into_iter().filter_map(|slot| place(worker, slot)).enumerate() {
                found = if order == 0 { found.at(&path, span, "") } else { found.see(&path, span, "") };
            }
            found
        }
        Ok(slot) => {
            let Some(Err(why)) = slot.value.str().filter(|_| templates).map(crate::vendor::dial_templates) else { return };
            let message = format!("the {} cannot be told `dial.plan`: {why}", plan.model.name);
            let mut found = Diagnostic::new(Code::VENDOR_UNSPELLABLE, message).help("choose a value that this phone can be told");
            if let Some((path, span)) = place(worker, slot) {
                found = found.at(&path, span, "");
            }
            found
        }
    };
    worker.diagnostics.push(found);
}

/// The template that a device names is one that a file of its model asks for.
fn template(worker: &mut Worker<'_, '_, '_>, device: &Device<'_>, plan: &Plan) {
    let setting = known!("device.template");
    let slot = device.slot(setting);
    let Some(name) = slot.value.str() else { return };
    let known: Vec<&str> = plan.files.iter().flat_map(|file| file.asks_for(setting.id)).collect();
    if known.contains(&name) {
        return;
    }
    if let Some((path, span)) = worker.locator.value(slot.origin) {
        let mut found = Diagnostic::new(
            Code::TEMPLATE_UNKNOWN,
            format!("no file of the {} asks for the template \"{}\"", plan.model.name, name.escape_debug()),
        )
        .at(&path, span, "nothing would change");
        found.help.extend(Suggest::among(known).closest(name).map(|best| format!("did you mean \"{best}\"?")));
        let vendor = &plan.pack.id;
        worker.diagnostics.push(
            found.help(format!("add a [[file]] with if = {{ \"device.template\" = \"…\" }} to vendors/{vendor}/vendor.toml of this fleet")),
        );
    }
}

fn ports(worker: &mut Worker<'_, '_, '_>, device: &Device<'_>) {
    let (start, end) = (device.slot(known!("media.rtp_ports.start")), device.slot(known!("media.rtp_ports.end")));
    let (Val::Int(first), Val::Int(last)) = (start.value, end.value) else { return };
    if last < first
        && let Some((path, span)) = worker.locator.value(end.origin)
    {
        let mut found = Diagnostic::new(Code::NET_BAD_PORT, format!("the RTP ports end at {last}, before they start at {first}")).at(
            &path,
            span,
            "before the start",
        );
        if let Some((path, span)) = worker.locator.value(start.origin) {
            found = found.see(&path, span, "the start");
        }
        worker.diagnostics.push(found.help("give `end` a port above `start`"));
    }
}

fn stun(worker: &mut Worker<'_, '_, '_>, device: &Device<'_>) {
    let (host, port) = (known!("sip.stun.host"), known!("sip.stun.port"));
    let slot = device.slot(port);
    if device.slot(host).value.is_set() || !slot.value.is_set() || slot.origin.reason().is_some() {
        return;
    }
    if let Some((path, span)) = worker.locator.value(slot.origin) {
        let found = Diagnostic::new(Code::SIP_STUN_WITHOUT_HOST, "a STUN server without a host").at(&path, span, "a port of nothing");
        worker.diagnostics.push(found.help("add `host`, or remove the STUN server"));
    }
}

fn keys(worker: &mut Worker<'_, '_, '_>, device: &Device<'_>, plan: &Plan) {
    let (kind, line) = (known!("key.type"), known!("key.line"));
    for key in &device.keys {
        let Val::Enum(index) = key.slot(kind).value else { continue };
        let name = &kind.values[index as usize];
        if plan.keys.find(index, key.area).is_none() && name != "none" {
            let mut found = Diagnostic::new(
                Code::KEY_UNSUPPORTED_TYPE,
                format!("the {} has no `{name}` key in area `{}`", plan.model.name, known!("key.area").values[key.area as usize]),
            );
            if let Some((path, span)) = worker.locator.value(key.slot(kind).origin) {
                found = found.at(&path, span, "the model lacks this type");
            }
            worker.diagnostics.push(found.help(format!("`sipress vendors --matrix {}` lists the types it has", plan.model.id)));
        }
        let slot = key.slot(line);
        if let Some(number) = slot.value.int().filter(|number| device.line(*number as u16).is_none()) {
            let mut found = Diagnostic::new(Code::KEY_UNKNOWN_LINE, format!("a key of line {number}, and the device has no such line"));
            if let Some((path, span)) = worker.locator.value(slot.origin) {
                found = found.at(&path, span, "no such line");
            }
            worker.diagnostics.push(found.help("name a line of this device, or leave `line` out for the first"));
        }
    }
}

fn raw(worker: &mut Worker<'_, '_, '_>, device: &Device<'_>, plan: &Plan) {
    if plan.pack.vocabulary.is_empty() {
        return;
    }
    let unknown: BTreeMap<&str, &Slot<'_>> =
        device.raw.iter().filter(|(name, _)| !plan.knows_name(name)).map(|(name, slot)| (*name, slot)).collect();
    for (name, slot) in unknown {
        let mut found =
            Diagnostic::new(Code::RAW_UNKNOWN_PARAMETER, format!("no {} phone is known to read `{}`", plan.pack.name, name.escape_debug()));
        if let Some((path, span)) = worker.locator.key(slot.origin) {
            found = found.at(&path, span, "not in the vendor's vocabulary");
        }
        found.help.extend(plan.pack.vocabulary.closest(name).map(|best| format!("did you mean `{best}`?")));
        worker.diagnostics.push(found.note("it is passed through as it stands"));
    }
}
