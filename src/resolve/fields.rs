//! The keys of each input file outside its settings, for the parser and for the JSON Schema.

use super::fleet::{Gate, Layout, SECRETS};
use crate::diagnostic::CODES;
use crate::model::Status;
use crate::settings::{Field, MAX_NAME, Subject, Takes, words};

/// fleet.toml
pub const FLEET: &[Field] = &[
    Field::new("name", Takes::Text(MAX_NAME), "The fleet, as people know it"),
    Field::needed("base_url", Takes::Setting("prov.base_url"), "The address that the site is served from"),
    Field::new(
        "layout",
        Takes::Words(|| words(&Layout::ALL)),
        "Paths of the site: `token` a folder a device that nobody can guess, `customer` a folder a customer, `flat` no folders; `token` where left out",
    ),
    Field::new("gate", Takes::Words(|| words(&Gate::ALL)), "What guards a layout without tokens at the edge; `none` where left out"),
    Field::new("demo_key", Takes::Hex(64), "A fleet key that everybody may know, for examples; a real one is in SIPRESS_KEY or a key file"),
    Field::new("policy", Takes::Table(POLICY), "How strict the compiler is"),
    Field::new("defaults", Takes::Defaults, "Settings of all devices of the fleet"),
    LAYOUTS,
];

/// `[policy]` of fleet.toml
pub const POLICY: &[Field] = &[
    Field::new(
        "plaintext_secrets",
        Takes::Words(|| words(&SECRETS)),
        "What a password in a file is: an error, a warning or nothing; `deny` where left out",
    ),
    Field::new(
        "diagnostics",
        Takes::Levels(|| CODES.iter().map(|code| code.name()).collect()),
        "Findings that are errors, warnings or nothing in this fleet, by their code",
    ),
];

/// What a finding may be made.
pub const LEVELS: &[&str] = &["deny", "warn", "allow"];

/// msp.toml
pub const MSP: &[Field] = &[
    Field::new("name", Takes::Text(MAX_NAME), "The service provider, as people know it"),
    Field::new("defaults", Takes::Defaults, "Settings of all devices of its customers"),
    LAYOUTS,
];

/// customer.toml
pub const CUSTOMER: &[Field] = &[
    Field::needed("name", Takes::Text(MAX_NAME), "The customer, as people know it"),
    Field::new("packages", Takes::Texts, "Packages of the customer itself, names in packages.toml"),
    Field::new(
        "country",
        Takes::Setting("locale.tones"),
        "Country of the customer, ISO 3166: of its call-progress tones where nothing else is said",
    ),
    Field::new("defaults", Takes::Defaults, "Settings of all devices of the customer"),
    LAYOUTS,
];

/// site.toml
pub const SITE: &[Field] = &[
    Field::new("name", Takes::Text(MAX_NAME), "The place, as people know it"),
    Field::new("location", Takes::Text(MAX_NAME), "Where it is"),
    Field::new("defaults", Takes::Defaults, "Settings of all devices of the place, those in folders below included"),
    LAYOUTS,
];

/// A table of packages.toml
pub const PACKAGE: &[Field] = &[
    Field::needed("name", Takes::Text(MAX_NAME), "The package, as it stands on the bill"),
    Field::new("retail", Takes::Amount, "Price a period, such as \"7.50\""),
    Field::new("setup_retail", Takes::Amount, "Price once, at the start"),
    Field::new("wholesale", Takes::Amount, "Price a period that an MSP pays"),
    Field::new("setup_wholesale", Takes::Amount, "Price once that an MSP pays"),
    Field::new("currency", Takes::Currency, "Currency of the prices, ISO 4217"),
    Field::needed("frequency", Takes::Words(|| FREQUENCIES.to_vec()), "The period"),
    Field::new("match", Takes::Days, "Days of the period on which it is billed, from 1; \"last\" is the last"),
    Field::new("minimum_days", Takes::Int(0, 36500), "Shortest rental"),
];

/// Periods of a package.
pub const FREQUENCIES: &[&str] = &["weekly", "monthly", "yearly"];

/// firmware.toml
pub const FIRMWARE: &[Field] = &[
    Field::new("firmware", Takes::Rows(IMAGE, &[]), "The catalogue: a model and version each"),
    Field::new("rollout", Takes::Rows(ROLLOUT, &[]), "Which version a model runs; the last that fits wins"),
];

/// `[[firmware]]`
pub const IMAGE: &[Field] = &[
    Field::needed("model", Takes::Text(MAX_NAME), "The model, `vendor/model`"),
    Field::needed("version", Takes::Text(MAX_NAME), "The version, as the vendor writes it"),
    Field::new("url", Takes::Setting("firmware.url"), "Where phones fetch it"),
    Field::new("sha256", Takes::Hex(64), "SHA-256 of the file"),
];

/// `[[rollout]]`
pub const ROLLOUT: &[Field] = &[
    Field::needed("model", Takes::Text(MAX_NAME), "The model, `vendor/model`"),
    Field::needed("version", Takes::Text(MAX_NAME), "A version of the catalogue"),
    Field::new("customers", Takes::Texts, "Customers that get it; all where left out"),
];

/// What a device is keyed by: exactly one of them.
pub const IDENTIFIERS: [&str; 3] = ["mac", "imei", "uuid"];

/// A device, besides its settings.
pub const DEVICE: &[Field] = &[
    Field::new("mac", Takes::Mac, "Hardware address in any usual spelling, such as 80:5e:c0:12:34:56; a device has one of mac, imei, uuid"),
    Field::new(
        "imei",
        Takes::Imei,
        "Identifier of a cellular client: 15 digits, the last a check digit; a device has one of mac, imei, uuid",
    ),
    Field::new("uuid", Takes::Uuid, "Identifier of a soft client, 8-4-4-4-12 hexadecimal digits; a device has one of mac, imei, uuid"),
    Field::needed("model", Takes::Text(MAX_NAME), "The model, `vendor/model`; `sipress vendors` lists them"),
    Field::new("status", Takes::Words(|| words(&Status::ALL)), "Where the device is in its life; `active` where left out"),
    Field::new("package", Takes::Text(MAX_NAME), "Rental package, a name in packages.toml"),
    Field::new("requested", Takes::Date, "The day of the order, such as 2026-11-20, without quotes"),
    Field::new("activate", Takes::Date, "The day the device gets its accounts, such as 2026-12-01, without quotes"),
    Field::new("customer", Takes::Text(MAX_NAME), "The customer, where somebody wants to be sure that the file lies in the right folder"),
    Field::new("serial", Takes::Setting("device.serial"), ""),
    Field::new("ipei", Takes::Setting("device.ipei"), ""),
    Field::new("hw_rev", Takes::Setting("device.hw_rev"), ""),
    Field::new("template", Takes::Setting("device.template"), ""),
    Field::new("template_version", Takes::Setting("device.template_version"), ""),
    Field::new("label", Takes::Setting("device.label"), ""),
    Field::new("location", Takes::Setting("device.location"), ""),
    Field::new("description", Takes::Setting("device.description"), ""),
    Field::new("alternate_of", Takes::Setting("device.alternate_of"), ""),
    Field::new("tags", Takes::Setting("device.tags"), ""),
    Field::new("inventory", Takes::Setting("device.inventory_id"), ""),
    Field::new("username", Takes::Setting("prov.auth.username"), ""),
    Field::new("password", Takes::Setting("prov.auth.password"), ""),
    Field::new("admin_password", Takes::Setting("admin.login.password"), ""),
    Field::new("provision_uri", Takes::Setting("prov.url"), ""),
    Field::new("firmware_uri", Takes::Setting("firmware.url"), ""),
    Field::new("phonebook_uri", Takes::Setting("phonebook.url"), ""),
    Field::new("layouts", Takes::Setting("key.layout_ref"), ""),
    Field::new("line", Takes::Elements(Subject::Line), "A SIP account"),
    Field::new("key", Takes::Elements(Subject::Key), "A key: what a press does, and what its lamp shows"),
    Field::new("handset", Takes::Elements(Subject::Handset), "A handset of a DECT base"),
    Field::new("port", Takes::Elements(Subject::Port), "A port of an analogue adapter"),
    Field::new("relay", Takes::Elements(Subject::Relay), "A relay of a door phone"),
    Field::new("raw", Takes::Raw, "Vendor parameters passed through as they are, applied last"),
    Field::new("vars", Takes::Vars, "Free-form values that a fleet's own templates read"),
];

/// The extensions that a key is made for.
pub const EXTENSIONS: Field = Field::new(
    "extensions",
    Takes::Texts,
    "A key for each of these extensions, in their order: numbers, ranges such as \"101..119\", \"group:NAME\", \"all\"; the device's own are left out",
);
/// A key that stays.
pub const LOCKED: Field = Field::new("locked", Takes::Bool, "Of a layout's key with a position: a device may put no other key there");
/// What a key says besides its settings.
pub const KEY_FIELDS: &[Field] = &[EXTENSIONS, LOCKED];

const LAYOUTS: Field = Field::new("layouts", Takes::Layouts, "Named lists of keys, for `layouts` of the devices below");

/// Most characters of an extension.
pub const MAX_EXTENSION: usize = 64;
/// What an extension calls the display name of its lines.
pub const EXTENSION_NAME: Field =
    Field::new("name", Takes::Setting("line.display_name"), "The user's name: the display name of the lines that are this extension");

/// What an extension belongs to, for the phone book and for keys that are made for a group.
pub const EXTENSION_GROUP: Field =
    Field::new("group", Takes::Text(MAX_NAME), "The user's group: in the phone book, and for keys that are made for a group");

/// Tables of the device that a line may say otherwise.
pub const SHARED: &[&str] = &["sip", "media", "dial", "feature"];
