//! The keys of a pack's files, for the loader and for the JSON Schema. docs/vendor-packs.md explains them at length.

use crate::settings::{Field, MAX_NAME, Registry, Takes};

/// Whether a key is among these.
pub fn knows(fields: &[Field], key: &str) -> bool {
    fields.iter().any(|field| field.name == key)
}

fn values(setting: &str) -> Vec<&'static str> {
    Registry::get().known(setting).values.iter().map(String::as_str).collect()
}

const SOURCE: Field = Field::new("source", Takes::Spelling, "Where the facts come from");
const CONFIDENCE: Field = Field::new("confidence", Takes::Spelling, "How sure they are: 2+ two independent sources, 1 one, bg from memory");
const NOTE: Field = Field::new("note", Takes::Spelling, "A remark");
const FAMILY: Field = Field::new("family", Takes::OneOrMore, "Only models of these families");
const MODEL: Field = Field::new("model", Takes::OneOrMore, "Only these models");
const CLASS: Field = Field::new("class", Takes::OneOrMore, "Only models of these classes");
const TAG: Field = Field::new("tag", Takes::OneOrMore, "Only where one of these tags holds");
const HAS: Field = Field::new("has", Takes::OneOrMore, "Only models with all of these: a number above 0, or a capability");
const FIRMWARE: Field = Field::new("firmware", Takes::OneOrMore, "Only firmware that meets this, such as \">= 81\"");

/// vendor.toml
pub const VENDOR: &[Field] = &[
    Field::new("id", Takes::Text(MAX_NAME), "The folder's name"),
    Field::new("name", Takes::Text(MAX_NAME), "The maker, as people know it"),
    Field::new(
        "extends",
        Takes::Text(MAX_NAME),
        "The vendor whose phones these are under another name: its files, families, rows, keys and defaults hold here too",
    ),
    Field::new("identity", Takes::OneOrMore, "What its devices are keyed by: mac, imei, uuid"),
    Field::new("ouis", Takes::OneOrMore, "First halves of its MAC addresses, in lower hex; left out where they prove nothing"),
    Field::new("firmware_prefix", Takes::Int(0, 9), "How many leading parts of a firmware version name the hardware"),
    Field::new("password", Takes::Tables(SHAPE), "Shapes of derived passwords by what they are for: admin, user, sip, prov"),
    Field::new("tag", Takes::Tables(GATES), "Named conditions, for gates and selectors"),
    Field::new("file", Takes::Rows(FILE, &[]), "A file, in the order in which the phone asks; the one with id main holds the accounts"),
    Field::new("series", Takes::Tables(SERIES), "What the rows of parameters.toml walk"),
    Field::new("map", Takes::Maps, "Canonical values and what the vendor calls them; larger ones are maps/NAME.tsv"),
    Field::new("defaults", Takes::Settings, "Settings of all its devices, the lowest layer of the cascade"),
    Field::new("vocabulary", Takes::Table(VOCABULARY), "What stands beside vocabulary.txt"),
    Field::new("notify", Takes::Vars, "Facts about SIP NOTIFY, for other commands"),
    Field::new("redirect", Takes::Vars, "Facts about the redirect service, for other commands"),
    Field::new("encryption", Takes::Vars, "Facts about encrypted files, for other commands"),
    Field::new("sources", Takes::Vars, "What the short names of sources stand for"),
    SOURCE,
    NOTE,
];

/// `[password.NAME]`
pub const SHAPE: &[Field] = &[
    Field::new("alphabet", Takes::Text(MAX_NAME), "Its characters, ASCII"),
    Field::new("length", Takes::Int(4, 64), "How many; 16 where left out"),
    NOTE,
];

/// `[tag]`, and `when` of a file
pub const GATES: &[Field] = &[FAMILY, MODEL, CLASS, TAG, HAS, FIRMWARE, SOURCE, NOTE];

/// `[vocabulary]`
pub const VOCABULARY: &[Field] =
    &[Field::new("exceptions", Takes::Map, "Names that are emitted and not in vocabulary.txt, each with its source")];

/// `[[file]]`
pub const FILE: &[Field] = &[
    Field::new("id", Takes::Text(MAX_NAME), "Its id; `main` where left out"),
    Field::new(
        "name",
        Takes::Chosen,
        "Its name, with {mac} {MAC} {mac:_} {imei} {uuid} {id} {model} {MODEL} {customer} and numbers of the model",
    ),
    Field::new(
        "scope",
        Takes::Words(|| vec!["device", "directory", "private"]),
        "For whom it is: a device, a customer and phone book, or the operator's private reports",
    ),
    Field::new("syntax", Takes::Words(|| vec!["lines", "xml", "json", "template"]), "How it is written; `lines` where left out"),
    Field::new("content_type", Takes::Text(MAX_NAME), "Media type"),
    Field::new("reset", Takes::Chosen, "How it says: the phone's own default"),
    Field::new("when", Takes::Table(GATES), "The models that have it"),
    Field::new("if", Takes::Vars, "The settings that must be there for it: `true` set, `false` unset, or the value"),
    Field::new("head", Takes::Chosen, "First lines, written as they are"),
    Field::new("line", Takes::Chosen, "How a parameter is written: {name} or {section} and {leaf}, and {value}"),
    Field::new("section", Takes::Chosen, "What is written when the section changes"),
    Field::new("tail", Takes::Chosen, "Last lines"),
    Field::new("comment", Takes::Chosen, "How lines begin that are not read"),
    Field::new("path", Takes::Chosen, "Where a parameter stands in XML"),
    Field::new("attrs", Takes::Vars, "Attributes of the elements that hold values"),
    Field::new("root_attrs", Takes::Vars, "Attributes of the root"),
    Field::new("fixed", Takes::Vars, "Attributes of elements on the way, by their path"),
    Field::new("declaration", Takes::Chosen, "The first line of XML"),
    Field::new("template", Takes::Text(MAX_NAME), "The Tera template"),
    Field::new("uses", Takes::OneOrMore, "The settings that the template reads"),
    Field::new("limit", Takes::Int(0, 1_000_000), "Most contacts that the phone takes"),
    Field::new("limit_source", Takes::Spelling, "Where that is known from"),
    Field::new("vocabulary", Takes::Chosen, "Which part of a name stands in vocabulary.txt; \"{name}\" where left out"),
    Field::new("raw", Takes::Chosen, "Where a [raw] parameter lands that no row writes"),
    Field::new("charset", Takes::Words(|| vec!["utf-8", "iso-8859-1"]), "How its text becomes bytes; utf-8 where left out"),
    Field::new("serial", Takes::Spelling, "A text in it, in whose place come as many digits that change with its content"),
    Field::new("encode", Takes::Words(|| vec!["qr-svg", "qr-png"]), "The text becomes a picture: a QR code"),
    Field::new("eol", Takes::Words(|| vec!["lf", "crlf"]), "How lines end; `lf` where left out"),
    SOURCE,
    CONFIDENCE,
    NOTE,
];

/// `[series]`
pub const SERIES: &[Field] = &[
    Field::needed("list", Takes::Text(MAX_NAME), "What it walks: line, key, module, handset, port, relay, or a list setting"),
    Field::new("by", Takes::Words(|| vec!["rank", "value"]), "The n-th entry, or each value that the vendor knows"),
    Field::new("to", Takes::Chosen, "How many places: a number, or the name of a number of the model"),
    Field::new("area", Takes::Words(|| values("key.area")), "The area of keys"),
    Field::new("types", Takes::OneOrMore, "The types of keys that are counted"),
    Field::new("spell", Takes::Vars, "What the vendor calls each value"),
    Field::new("rest", Takes::OneOrMore, "The values that follow those that are wished; \"last\": the last wish once more"),
    Field::new("distinct", Takes::OneOrMore, "The settings whose different tuples are counted"),
    SOURCE,
    NOTE,
];

/// What a model takes of each kind of picture
pub const PICTURE: &[Field] = &[
    Field::needed("formats", Takes::Texts, "Formats by the ends of file names, the best one first: png, jpg, bmp"),
    Field::new("size", Takes::Text(MAX_NAME), "Its size in pixels, where that is not the screen's: 480x272"),
    Field::new("grey", Takes::Int(1, 8), "Bits a pixel of a screen without colours: 1, 2, 4 or 8"),
    Field::new("max_bytes", Takes::Int(1, 1 << 30), "Most bytes of the file"),
];

/// What a model takes of rings
pub const RING: &[Field] = &[
    Field::needed("formats", Takes::Texts, "Formats by the ends of file names: wav, mp3"),
    Field::new("rates", Takes::Ints, "Samples a second that a WAV file may have"),
    Field::new("codings", Takes::Texts, "How its samples may be coded: pcm8, pcm16, alaw, ulaw"),
    Field::new("channels", Takes::Int(1, 2), "Most channels"),
    Field::new("max_bytes", Takes::Int(1, 1 << 30), "Most bytes of the file"),
    Field::new("max_seconds", Takes::Int(1, 3600), "Longest time, in s"),
];

/// Pictures and rings by what they are for
pub const ASSETS: &[Field] = &[
    Field::new("wallpaper", Takes::Table(PICTURE), "`ui.wallpaper`"),
    Field::new("logo", Takes::Table(PICTURE), "`ui.logo.image`"),
    Field::new("screensaver", Takes::Table(PICTURE), "`ui.screensaver.image`"),
    Field::new("ringtone", Takes::Table(RING), "`ui.ringtone_files`"),
];

/// `[family.NAME]` and `[model.NAME]`; any other key is a number of the model
pub const MODEL_ROW: &[Field] = &[
    Field::new("name", Takes::Text(MAX_NAME), "The maker's name for it"),
    Field::new("aliases", Takes::OneOrMore, "Other spellings in device files; case, spaces, - and _ never matter"),
    Field::new("family", Takes::Text(MAX_NAME), "The family that it takes from all it does not say"),
    Field::new("extends", Takes::Text(MAX_NAME), "Of a family, the family above"),
    Field::new("class", Takes::Words(|| values("device.class")), "What kind of thing it is; `deskphone` where left out"),
    Field::new("module", Takes::Text(MAX_NAME), "Name of its expansion module"),
    Field::new("capabilities", Takes::OneOrMore, "What it can, for `has`; those of its family are added"),
    Field::new("firmware", Takes::Text(MAX_NAME), "The firmware that is assumed where nobody names one"),
    Field::new("contacts", Takes::Int(0, 1_000_000), "Most contacts of its directory"),
    Field::new("screen", Takes::Text(MAX_NAME), "Its screen in pixels: 480x272"),
    Field::new("codecs", Takes::OneOrMore, "Codecs that it plays, where that is less than the vendor spells"),
    Field::new("transports", Takes::OneOrMore, "SIP transports that it speaks: udp, tcp, tls"),
    Field::new("login", Takes::OneOrMore, "How it shows who it is when it fetches: basic, digest, client-certificate"),
    Field::new("encryption", Takes::OneOrMore, "Schemes of encrypted files that it opens"),
    Field::new("redirect", Takes::Text(MAX_NAME), "The redirect service that sends a new phone to its provider"),
    Field::new("firmware_range", Takes::OneOrMore, "The firmware versions that exist for it, such as \">= 8.7\""),
    Field::new("assets", Takes::Table(ASSETS), "Pictures and rings that it takes; without them they are served as they are"),
    Field::new("defaults", Takes::Settings, "Settings of all its devices"),
    SOURCE,
    CONFIDENCE,
    NOTE,
];

/// A row of parameters.toml; what a group holds counts for all its rows
pub const ROW: &[Field] = &[
    Field::new("for", Takes::OneOrMore, "The series that it walks, the outermost first"),
    Field::new("name", Takes::Chosen, "The parameter, with indices in braces"),
    Field::new("setting", Takes::Chosen, "A canonical setting, one to one"),
    Field::new("format", Takes::Chosen, "A pattern of settings: {path|codec}, [optional], \\x the letter x"),
    Field::new("field", Takes::Chosen, "A column of the key's row in keys.toml"),
    Field::new("constant", Takes::Chosen, "A fixed text; `{…}` as in `name`"),
    Field::new("values", Takes::Chosen, "Canonical values and their spellings, or a map's name; \"*\" any other, \"\" unset"),
    Field::new("unit", Takes::Chosen, "Codecs, applied in order"),
    Field::new("join", Takes::Spelling, "What stands between the entries of a list"),
    Field::new("before", Takes::Spelling, "What stands before a joined list"),
    Field::new("after", Takes::Spelling, "What stands after a joined list"),
    Field::new("item", Takes::Spelling, "The pattern of one entry of a list"),
    Field::new("absent", Takes::Chosen, "What unused indices write; true is the file's `reset`"),
    Field::new("at", Takes::Chosen, "The indices it holds for: 1, \"5..36\", \"37..\""),
    FAMILY,
    MODEL,
    TAG,
    CLASS,
    HAS,
    FIRMWARE,
    Field::new("if", Takes::Vars, "Settings that must be there: `true` set, `false` unset, or the value"),
    Field::new("file", Takes::Text(MAX_NAME), "The file it stands in; `main` where left out"),
    Field::new("path", Takes::Chosen, "Where it stands in XML, in the place of the file's own"),
    Field::new("attrs", Takes::Vars, "Attributes, in the place of the file's own"),
    Field::new("line", Takes::Chosen, "How it is written, in the place of the file's own"),
    Field::new("forbid", Takes::Spelling, "Characters that no value in it may hold"),
    Field::new("read", Takes::Bool, "false: it is not read back"),
    Field::new("sensitivity", Takes::Words(|| vec!["public", "internal", "personal", "secret"]), "Raised above that of its settings"),
    SOURCE,
    CONFIDENCE,
    Field::new("ignored", Takes::Bool, "true: these models have no such parameter"),
    NOTE,
];

/// `[[type]]` of keys.toml; any other key is a column
pub const KEY_TYPE: &[Field] = &[
    Field::needed("key", Takes::Words(|| values("key.type")), "The canonical type"),
    Field::new("area", Takes::OneOrMore, "Only keys of these areas"),
    FAMILY,
    MODEL,
    TAG,
    CLASS,
    HAS,
    FIRMWARE,
    Field::new("forbid", Takes::Spelling, "Characters that no value in it may hold"),
    Field::new("read", Takes::Bool, "false: it is spelled like another type and not read back"),
    SOURCE,
    CONFIDENCE,
    NOTE,
];
