//! What the readers promise: the right contacts, every fault with its place, and sizes that are capped.

use super::*;
use crate::diagnostic::Severity;
use crate::model::phonebook::NumberKind;

/// What a reader says: a line a contact, then a line a finding with the text that it points to.
pub(super) fn told(format: Format, text: &str) -> Vec<String> {
    let path: Arc<str> = "acme/phonebook".into();
    let mut diagnostics = Vec::new();
    let contacts = read(format, &path, text, &mut diagnostics);
    let mut told: Vec<String> = contacts.iter().map(|contact| tell(&contact.value)).collect();
    told.extend(diagnostics.iter().map(|finding| {
        let place = finding.place().map(|label| &text[label.span.clone()]).unwrap_or_default();
        format!("{:?} at {place:?}: {}", finding.code, finding.message)
    }));
    told
}

fn tell(contact: &Contact) -> String {
    let Contact { name, first, last, company, .. } = contact;
    let mut text = format!("{name}/{first}/{last}/{company}");
    if let Some(group) = &contact.group {
        text += &format!(" in {group}");
    }
    if let Some(extension) = &contact.extension {
        text += &format!(" is {extension}");
    }
    for number in &contact.numbers {
        text += &format!(" {:?} {}", number.kind, number.number);
    }
    text
}

#[test]
fn toml_is_read() {
    let text = r#"
[[contact]]
name = "Jones & Söhne"
group = "Suppliers"
numbers = [{ kind = "work", number = "+49 30 1234567" }, { kind = "mobile", number = "+491711234567" }]

[[contact]]
first = "Ann"
last = "Lee"
company = "Acme"
number = "101"
numbers = [{ number = "101" }, { kind = "home", number = "sip:ann@home.example" }]

[[contact]]
name = "王伟"
extension = "102"
"#;
    let expected = [
        "Jones & Söhne/// in Suppliers Work +49301234567 Mobile +491711234567",
        "Ann Lee/Ann/Lee/Acme Work 101 Home ann@home.example",
        "王伟/// is 102 Work 102",
    ];
    assert_eq!(told(Format::Toml, text), expected);
    assert_eq!(told(Format::Toml, &text.replace('\n', "\r\n")), expected);
    assert_eq!(told(Format::Toml, &format!("\u{feff}{text}")), expected);
    let marked = "\u{feff}[[contact]]\nname = \"A\"\nnumber = \"x\"\n";
    assert!(told(Format::Toml, marked)[0].starts_with("value::invalid at \"\\\"x\\\"\""));
    assert!(told(Format::Toml, "").is_empty());
}

#[test]
fn all_faults_of_toml_are_told_at_once() {
    let text = r#"
title = "Book"
[[contact]]
nmae = "Ann"
number = 101
[[contact]]
name = "Bob"
numbers = [{ kind = "mobil", number = "1" }, { kind = "fax" }, "2"]
[[contact]]
name = "Cy"
numbers = "3"
[[contact]]
number = "4"
[[contact]]
name = "Di"
[[contact]]
name = "E"
number = "0800 CALL"
[[contact]]
name = "F"
number = "6"
"#;
    assert_eq!(
        told(Format::Toml, text),
        [
            "F/// Work 6",
            "toml::unknown-key at \"title\": unknown key `title`",
            "toml::unknown-key at \"nmae\": unknown key `nmae`",
            "toml::wrong-type at \"101\": `number` must be text, not a number",
            "value::not-one-of at \"\\\"mobil\\\"\": `mobil` is no kind of number",
            "toml::missing-key at \"{ kind = \\\"fax\\\" }\": `number` is missing",
            "toml::wrong-type at \"\\\"2\\\"\": a number must be a table, not text",
            "toml::wrong-type at \"\\\"3\\\"\": `numbers` must be a list, not text",
            "toml::missing-key at \"[[contact]]\": the contact has no name",
            "phonebook::contact-without-number at \"[[contact]]\": `Di` has no number and is left out",
            "value::invalid at \"\\\"0800 CALL\\\"\": the number `0800 CALL` cannot be dialled: a phone cannot dial `C`",
        ]
    );
    let broken = "[[contact]]\nname = \"Ann\nnumber = \"1\"\n[[contact]]\nname = \"Bob\"\nnumber = \"2\"\n[[contact]\n";
    let told = told(Format::Toml, broken);
    assert_eq!(
        told,
        [
            "Ann/// Work 1",
            "Bob/// Work 2",
            "toml::syntax at \"\": unclosed array table, expected `]`",
            "toml::syntax at \"\": invalid basic string, expected `\"`",
        ],
        "what is missing because of a broken line is not told"
    );
}

#[test]
fn toml_of_another_shape_is_told() {
    let shape = |text| told(Format::Toml, text);
    let expected = ["toml::wrong-type at \"{ name = \\\"A\\\" }\": `contact` must be a list, not a table"];
    assert_eq!(shape("contact = { name = \"A\" }"), expected);
    assert_eq!(shape("contact = [1]"), ["toml::wrong-type at \"1\": a contact must be a table, not a number"]);
}

#[test]
fn csv_is_read_whatever_separates_it() {
    let comma = "\u{feff}Name,Group,NUMBER,mobile,Extension\r\n\"Lee, Ann \"\"A\"\"\",Sales,+44 20 1,0770,\r\n,,,,\r\n\r\nBob,,,,102\r\n";
    let expected = ["Lee, Ann \"A\"/// in Sales Work +44201 Mobile 0770", "Bob/// is 102 Work 102"];
    assert_eq!(told(Format::Csv, comma), expected);
    let semicolon = "mobile;first;last;company;fax;home;other;work\n1;Ζωή;Παππά;Α.Ε.;2;3;4;5";
    let expected = ["Ζωή Παππά/Ζωή/Παππά/Α.Ε. Mobile 1 Fax 2 Home 3 Other 4 Work 5"];
    assert_eq!(told(Format::Csv, semicolon), expected);
    assert_eq!(told(Format::Csv, &semicolon.replace(';', "\t")), expected);
    assert!(told(Format::Csv, "").is_empty());
    assert!(told(Format::Csv, "\u{feff}\r\n").is_empty());
}

#[test]
fn all_faults_of_csv_are_told_at_once() {
    let text = "name;moblie;number;name\nAnn;;101;\nBob;;102\n\"Cy;;103;\nDi\";;x1;\n\"E\"e;;105;\nF;;;\n;;7;\nZ\u{202e};;8;\n\"G;;9";
    assert_eq!(
        told(Format::Csv, text),
        [
            "Ann/// Work 101",
            "phonebook::bad-csv at \"moblie\": unknown column `moblie`",
            "phonebook::bad-csv at \"name\": the column `name` is there twice",
            "phonebook::bad-csv at \"Bob;;102\": the row has 3 fields and the header 4 columns",
            "phonebook::bad-csv at \"\\\"E\\\"\": a quote in a quoted field must be written twice, and the field closed",
            "phonebook::bad-csv at \"\\\"G;;9\": a quote in a quoted field must be written twice, and the field closed",
            "text::hostile at \"\\\"Cy;;103;\\nDi\\\"\": the name holds the control character U+000A",
            "value::invalid at \"x1\": the number `x1` cannot be dialled: a phone cannot dial `x`",
            "phonebook::contact-without-number at \"F;;;\": `F` has no number and is left out",
            "phonebook::bad-csv at \";;7;\": the contact has no name",
            "text::hostile at \"Z\\u{202e}\": the name holds the invisible character U+202E",
        ]
    );
}

#[test]
fn csv_without_a_header_is_told() {
    let expected = "phonebook::bad-csv at \"Ann;101\": the first row must name the columns, with one for the name and one for a number";
    assert_eq!(told(Format::Csv, "Ann;101\nBob;102\n"), [expected]);
}

#[test]
fn vcards_of_all_versions_are_read() {
    let text = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Zoë Öz\r\nN:Öz;Zoë;;;\r\nORG:Acme\\, Inc.;Sales\r\nCATEGORIES:Suppliers\r\n\
        TEL;VALUE=uri;TYPE=\"voice,cell\":tel:+44-770-1\r\nitem1.TEL;TYPE=work:+44 20 2\r\n 34\r\nEND:VCARD\r\n\r\n\
        BEGIN:VCARD\nVERSION:3.0\nN:Lee;Ann;;;\nTEL;TYPE=HOME,FAX:1\nTEL;type=pref:2\nTEL;TYPE=PAGER:3\nEMAIL:a@b.example\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=CE=96=CF=\n=89=CE=AE\nTEL;CELL;PREF:4\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen\nORG;ENCODING=QUOTED-PRINTABLE:M=FCller\nTEL;HOME:5\nEND:VCARD";
    assert_eq!(
        told(Format::Vcard, text),
        [
            "Zoë Öz/Zoë/Öz/Acme, Inc. in Suppliers Mobile +447701 Work +4420234",
            "Ann Lee/Ann/Lee/ Fax 1 Work 2 Other 3",
            "Ζωή/// Mobile 4",
            "Jürgen///Müller Home 5",
        ]
    );
    assert!(told(Format::Vcard, "").is_empty());
}

#[test]
fn all_faults_of_vcards_are_told_at_once() {
    let text = "hello\nworld\nBEGIN:VCARD\nVERSION:4.0\nFN:Ann\nBEGIN:VCARD\nVERSION:5.0\nFN:Bob\nTEL:1\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nFN:Cy\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nFN:Di\nTEL:1\nTEL;VALUE=uri:tel:+1;ext=5\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nTEL:1\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nFN:E\\nvil\nTEL:1\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nFN:F\nno line\nTEL:1\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nFN:G\nCATEGORIES:a,b\nTEL:1\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:3.0\nFN:I\nEND:X\nTEL:1\nEND:VCARD\n\
        BEGIN:VCARD\nFN:H";
    assert_eq!(
        told(Format::Vcard, text),
        [
            "G/// in a Work 1",
            "phonebook::bad-vcard at \"BEGIN:VCARD\": the card is not closed by `END:VCARD`",
            "phonebook::bad-vcard at \"BEGIN:VCARD\": the card is not closed by `END:VCARD`",
            "phonebook::bad-vcard at \"hello\\nworld\": `hello\\nworld` stands outside of a card",
            "phonebook::bad-vcard at \"VERSION:5.0\": the card must be of version 2.1, 3.0, 4.0",
            "phonebook::bad-vcard at \"no line\": `no line` is no line of a vCard",
            "phonebook::bad-vcard at \"CATEGORIES:a,b\": a contact is in one group, this one in `a`",
            "phonebook::bad-vcard at \"END:X\": the card cannot be read to its end",
            "phonebook::contact-without-number at \"BEGIN:VCARD\": `Cy` has no number and is left out",
            "value::invalid at \"TEL;VALUE=uri:tel:+1;ext=5\": the number `+1;ext=5` cannot be dialled: a phone cannot dial `;`",
            "phonebook::bad-vcard at \"BEGIN:VCARD\": the contact has no name",
            "text::hostile at \"FN:E\\\\nvil\": the name holds the control character U+000A",
        ]
    );
    let mut diagnostics = Vec::new();
    read(Format::Vcard, &"book".into(), text, &mut diagnostics);
    let notes = diagnostics.iter().filter(|finding| finding.severity == Severity::Note);
    assert_eq!(notes.count(), 1, "a second group is a note, not an error");
}

#[test]
fn texts_are_composed_short_and_harmless() {
    let book = |name: &str| told(Format::Csv, &format!("name;number\n{name};1\n"));
    assert_eq!(book("Zoe\u{308}"), ["Zo\u{eb}/// Work 1"]);
    assert_eq!(book(" أحمد "), ["أحمد/// Work 1"]);
    assert_eq!(book("Ann\u{202e}")[0], "text::hostile at \"Ann\\u{202e}\": the name holds the invisible character U+202E");
    for hostile in ["\u{7}", "\u{200f}", "\u{2028}", "\u{2067}", "\u{85}", "\u{ffff}", "\u{fdd0}", "\u{1fffe}"] {
        assert!(book(&format!("A{hostile}B"))[0].starts_with("text::hostile"), "{hostile:?}");
    }
    assert_eq!(book(&"é".repeat(128)).len(), 1);
    assert!(book(&"é".repeat(129))[0].starts_with("value::too-long"));
    assert!(told(Format::Csv, &format!("name;number\nA;{}\n", "1".repeat(129)))[0].starts_with("value::too-long"));
}

#[test]
fn sizes_are_capped() {
    let large = " ".repeat(MAX_BYTES + 1);
    assert_eq!(told(Format::Vcard, &large), ["file::too-large at \"\": the phone book is larger than 8 MiB"]);
    let many = |rows| told(Format::Csv, &("name;number\n".to_owned() + &"A;1\n".repeat(rows)));
    assert_eq!(many(MAX_CONTACTS).len(), MAX_CONTACTS);
    assert_eq!(many(MAX_CONTACTS + 1), ["file::too-large at \"A;1\": the phone book has more than 20000 contacts"]);
    let cards = "BEGIN:VCARD\n".repeat(MAX_CONTACTS + 1);
    assert_eq!(told(Format::Vcard, &cards).len(), 1);
    assert_eq!(told(Format::Toml, &"[[contact]]\n".repeat(MAX_CONTACTS + 1)).len(), 1);
    assert_eq!(told(Format::Csv, &"name,number,".repeat(100)).len(), 1);
}

#[test]
fn large_odd_files_take_time_in_proportion() {
    for piece in ["=\n", "a\n", "QUOTED-PRINTABLE=\n", " a\n", "\"", ";", "name", "\\\n ", "TEL:1\n"] {
        let text = format!("BEGIN:VCARD\nX;QUOTED-PRINTABLE=\n{}", piece.repeat((1 << 20) / piece.len()));
        for format in [Format::Csv, Format::Vcard] {
            told(format, &text);
            told(format, &format!("{text}\nEND:VCARD\n"));
        }
    }
}

#[test]
fn kinds_have_names() {
    for (name, kind) in NumberKind::NAMES {
        assert_eq!(NumberKind::find(name), Some(kind));
    }
    assert_eq!(Format::of_file("phonebook.vcf"), Some(Format::Vcard));
    assert_eq!(Format::of_file("book.csv"), None);
}
