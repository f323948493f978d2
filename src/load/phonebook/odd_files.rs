//! What the readers promise of files that nobody would write.

use proptest::prelude::*;

use super::tests::told;
use super::*;

/// Pieces of which odd files are made.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "BEGIN:VCARD\n",
        "END:VCARD\n",
        "VERSION:2.1\n",
        "VERSION:4.0\r\n",
        "FN:Ann",
        "TEL",
        ";TYPE=cell",
        ":",
        ";",
        ",",
        "=",
        "\\",
        "\\n",
        "ENCODING=QUOTED-PRINTABLE",
        ";ENCODING=B:",
        "CHARSET=",
        "=C3",
        "=",
        "\n",
        "\r\n",
        "\n ",
        "\t",
        "\"",
        "\"\"",
        "name",
        "number",
        "1",
        "+",
        "@",
        "é",
        "\u{feff}",
        "\u{202e}",
        "[[contact]]\n",
        "name = ",
        "numbers = ",
        "{",
        "}",
        "[",
        "]",
        "kind",
        "'",
        "data:a;base64,AA==",
        "VALUE=uri",
        "N:;;",
        "ORG:",
        "CATEGORIES:",
        "BEGIN:VEVENT\n",
        ".",
        "item1.",
        "#",
        "\0",
    ];
    prop_oneof![8 => proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => ".{0,4}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_input_stops_a_reader_or_has_a_place_outside_of_it(pieces in proptest::collection::vec(piece(), 0..40)) {
        let text = pieces.concat();
        for format in [Format::Toml, Format::Csv, Format::Vcard] {
            let wrapped = format!("BEGIN:VCARD\nVERSION:3.0\n{text}\nEND:VCARD\n");
            for text in [&text, &wrapped, &format!("name;number\n{text}")] {
                let mut diagnostics = Vec::new();
                let contacts = read(format, &"book".into(), text, &mut diagnostics);
                let places = diagnostics.iter().flat_map(|finding| &finding.labels).map(|label| &label.span);
                for place in places.chain(contacts.iter().map(|contact| &contact.span)) {
                    prop_assert!(text.get(place.clone()).is_some(), "{place:?} in {text:?}");
                }
                for contact in &contacts {
                    prop_assert!(!contact.value.numbers.is_empty() && !contact.value.name.is_empty());
                }
            }
        }
    }

    #[test]
    fn csv_fields_stand_where_they_are_said_to(rows in proptest::collection::vec(("[a-zé\"]{1,6}", "[0-9]{1,5}"), 1..8)) {
        let escape = |text: &str| text.replace('"', "\"\"");
        let lines = rows.iter().map(|(name, number)| format!("\"{}\";\"{number}x\"\r\n", escape(name)));
        let text = "name;number\r\n".to_owned() + &lines.collect::<String>();
        let found = told(Format::Csv, &text);
        let expected = rows.iter().map(|(_, number)| {
            format!("value::invalid at {:?}: the number `{number}x` cannot be dialled: a phone cannot dial `x`", format!("\"{number}x\""))
        });
        prop_assert_eq!(found, expected.collect::<Vec<_>>());
    }
}
