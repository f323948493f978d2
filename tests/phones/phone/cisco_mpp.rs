//! A Cisco multiplatform phone: the same flat profile as an SPA's, with SRTP for each line, words of its
//! own and a count of key modules.

use super::Device;
use super::Outcome;
use super::flash::Flash;
use super::flat_profile::{Codec, FlatPhone, Series, secure};
use super::http::Client;
use super::words::Words;

pub fn new(device: Device, client: Client) -> FlatPhone {
    FlatPhone::new(device, client, &MPP)
}

static MPP: Series = Series {
    profiles: |device| {
        let (product, short) = product(device);
        vec![format!("Cisco/{product}/{}.cfg", device.id), format!("{short}.xml"), format!("{}.xml", device.id)]
    },
    product,
    transports: &[("UDP", "udp"), ("TCP", "tcp"), ("TLS", "tls"), ("AUTO", "dns-naptr")],
    shared: &[("No", "off"), ("Yes", "sca")],
    codecs: |_| CODECS,
    srtp,
    asks_before: false,
    functions: &[
        ("blf+cp+sd", "blf"),
        ("blf+sd", "park_monitor"),
        ("blf", "presence"),
        ("sd", "speed_dial"),
        ("prk", "call_park"),
        ("mwi+sd", "voicemail"),
        ("mwi", "voicemail"),
        ("xml", "xml_browser"),
        ("shortcut", "menu"),
        ("dnd", "dnd"),
        ("cfwd", "forward"),
        ("acd", "queue_login"),
    ],
    units: Some("Number_of_Units"),
    unit_keys_end: "_",
    pickup_code: |flash| match flash.raw("Call_Pickup_Code") {
        Some(told) => Some(told.to_owned()).filter(|code| !code.is_empty()),
        None => Some("#97".to_owned()),
    },
    zones: ZONES,
    admin_passwords: &["Admin_Password"],
    language: |device| if device.model.starts_with("DP") { "Phone_Language" } else { "Language_Selection" },
    languages: LANGUAGES,
};

/// `CP-8851-3PCC` and `8851-3PCC`, `DP-9861` and `9861`: the model is told without its hyphens.
fn product(device: &Device) -> (String, String) {
    let number: String = device.model.chars().filter(char::is_ascii_digit).take(4).collect();
    match device.model.starts_with("DP") {
        true => (format!("DP-{number}"), number),
        false => (format!("CP-{number}-3PCC"), format!("{number}-3PCC")),
    }
}

const fn codec(name: &'static str, word: &'static str) -> Codec {
    Codec { name, word, switch: true, factory: true }
}

const CODECS: &[Codec] = &[
    codec("G711u", "pcmu"),
    codec("G711a", "pcma"),
    codec("G729a", "g729"),
    codec("G722", "g722"),
    codec("G722.2", "amr-wb"),
    codec("iLBC", "ilbc"),
    Codec { name: "iSAC", word: "isac", switch: true, factory: false },
    codec("OPUS", "opus"),
];

/// Optional is what the phone's setting says, the others are without it.
fn srtp(flash: &Flash, line: u32) -> Outcome<Option<&'static str>> {
    const OPTIONS: Words = &[("Optional", "optional"), ("Required", "required"), ("Strict", "required")];
    let option = flash.word(&format!("Secure_Call_Option_{line}_"), OPTIONS)?.unwrap_or("optional");
    Ok(match (option, secure(flash)?) {
        ("optional", None) => None,
        ("optional", Some(false)) => Some("off"),
        (option, _) => Some(option),
    })
}

const ZONES: &[&str] = &[
    "GMT-12:00",
    "GMT-11:00",
    "GMT-10:00",
    "GMT-09:00",
    "GMT-08:00",
    "GMT-07:00",
    "GMT-06:00",
    "GMT-05:00",
    "GMT-04:00",
    "GMT-03:30",
    "GMT-03:00",
    "GMT-02:00",
    "GMT-01:00",
    "GMT",
    "GMT+01:00",
    "GMT+02:00",
    "GMT+03:00",
    "GMT+03:30",
    "GMT+04:00",
    "GMT+04:30",
    "GMT+05:00",
    "GMT+05:30",
    "GMT+05:45",
    "GMT+06:00",
    "GMT+06:30",
    "GMT+07:00",
    "GMT+08:00",
    "GMT+09:00",
    "GMT+09:30",
    "GMT+10:00",
    "GMT+11:00",
    "GMT+12:00",
    "GMT+13:00",
    "GMT+14:00",
];

const LANGUAGES: Words = &[
    ("English-US", "en"),
    ("English", "en"),
    ("Catalan", "ca"),
    ("Chinese", "zh"),
    ("Chinese_HongKong", "zh-HK"),
    ("Chinese_Taiwan", "zh-TW"),
    ("Czech", "cs"),
    ("Danish", "da"),
    ("Dutch", "nl"),
    ("Finnish", "fi"),
    ("French", "fr"),
    ("French_Canada", "fr-CA"),
    ("German", "de"),
    ("Greek_Greece", "el"),
    ("Hungarian", "hu"),
    ("Italian", "it"),
    ("Japanese", "ja"),
    ("Korean", "ko"),
    ("Norwegian", "no"),
    ("Polish", "pl"),
    ("Portuguese", "pt"),
    ("Portuguese_Brazil", "pt-BR"),
    ("Russian", "ru"),
    ("Spanish", "es"),
    ("Spanish_Colombia", "es-CO"),
    ("Swedish", "sv"),
    ("Turkish", "tr"),
    ("Ukrainian", "uk"),
];

#[cfg(test)]
mod tests {
    use super::super::bench::Bench;
    use super::super::net::host_port;
    use super::super::report::Report;
    use super::super::{Facts, Phone, Refusal};
    use super::*;

    const OWN: &[(&str, &str)] = &[
        ("User_ID_1_", "101"),
        ("Password_1_", "secret"),
        ("Proxy_1_", "acme.example:SRV=b.example:5061:p=1|a.example:5061:p=0"),
        ("SIP_Transport_1_", "AUTO"),
        ("Preferred_Codec_1_", "OPUS"),
        ("Use_Pref_Codec_Only_1_", "Yes"),
        ("Extension_2_", "Disabled"),
        ("Extended_Function_2_", "fnc=mwi+sd;ext=*97@$PROXY;sub=$USER@$PROXY;vid=1"),
        ("Number_of_Units", "1"),
        ("Unit_1_Key_28_", "fnc=blf+sd+cp;sub=103@$PROXY;ext=103@$PROXY"),
        ("Language_Selection", "German"),
    ];

    fn with(name: &str, value: &str) -> Result<Report, Refusal> {
        let told = OWN.iter().copied().filter(|(known, _)| *known != name).chain([(name, value)]);
        let elements: String = told.map(|(name, value)| format!("<{name}>{value}</{name}>")).collect();
        let bench = Bench::new(&[("t/001873aabbcc.xml", &format!("<flat-profile>{elements}</flat-profile>"))]);
        let facts = Facts { lines: 10, line_keys: 10, modules: 2, module_keys: 28, ..Facts::default() };
        let device = Device { id: "001873aabbcc".into(), model: "CP88513PCC".into(), facts };
        new(device, Client::new()).provision(&bench.url("t/"))
    }

    #[test]
    fn reads_its_own_profile_after_two_names_that_are_not_there() {
        let report = with("Secure_Call_Option_1_", "Required").unwrap();
        let asked: Vec<_> = report.requests.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(asked, ["/t/Cisco/CP-8851-3PCC/001873aabbcc.cfg", "/t/8851-3PCC.xml", "/t/001873aabbcc.xml"]);
        let account = &report.accounts[0];
        assert_eq!((account.domain.as_str(), account.transport, account.srtp), ("acme.example", "dns-naptr", Some("required")));
        assert_eq!(account.server, host_port("a.example:5061").unwrap());
        assert_eq!(account.backups, [host_port("b.example:5061").unwrap()]);
        assert_eq!(account.codecs, ["opus"]);
        assert_eq!(report.keys.iter().map(|key| key.kind).collect::<Vec<_>>(), ["line", "voicemail", "blf"]);
        assert_eq!(report.module_key(1, 28).unwrap().pickup.as_deref(), Some("#97"));
        assert_eq!(report.language.as_deref(), Some("de"));
    }

    #[test]
    fn what_the_phone_does_not_have_is_loud() {
        for (name, value) in [
            ("SIP_Transport_1_", "SCTP"),
            ("Secure_Call_Option_1_", "Maybe"),
            ("Preferred_Codec_1_", "G726-32"),
            ("Number_of_Units", "0"),
            ("Unit_2_Key_1_", "fnc=sd;ext=1@$PROXY"),
            ("Share_Ext_1_", "shared"),
            ("Language_Selection", "Klingon"),
        ] {
            assert!(with(name, value).is_err(), "{name} {value}");
        }
    }
}
