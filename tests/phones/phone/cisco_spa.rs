//! A Cisco SPA300 or SPA500: `spa$PSN.cfg` from the factory, and then what the profile rule names.

use super::Device;
use super::Outcome;
use super::flash::Flash;
use super::flat_profile::{Codec, FlatPhone, Series, secure};
use super::http::Client;
use super::words::Words;

pub fn new(device: Device, client: Client) -> FlatPhone {
    FlatPhone::new(device, client, &SPA)
}

static SPA: Series = Series {
    profiles: |device| vec![format!("spa{}.cfg", short(device)), format!("{}.xml", device.id)],
    product: |device| (device.model.clone(), short(device)),
    transports: &[("UDP", "udp"), ("TCP", "tcp"), ("TLS", "tls")],
    shared: &[("private", "off"), ("shared", "sca")],
    codecs,
    srtp,
    asks_before: true,
    functions: &[
        ("blf+cp+sd", "blf"),
        ("blf+sd", "park_monitor"),
        ("blf", "presence"),
        ("sd", "speed_dial"),
        ("prk", "call_park"),
        ("xml", "xml_browser"),
    ],
    units: None,
    unit_keys_end: "",
    // the code that it came with, where none is told
    pickup_code: |flash| match flash.raw("Attendant_Console_Call_Pickup_Code") {
        Some(told) => Some(told.to_owned()).filter(|code| !code.is_empty()),
        None => Some("**#".to_owned()),
    },
    zones: ZONES,
    admin_passwords: &["Admin_Passwd", "Admin_Password"],
    language: |_| "Language_Selection",
    languages: LANGUAGES,
};

/// The product without the name of the series.
fn short(device: &Device) -> String {
    device.model.trim_start_matches("SPA").to_owned()
}

/// The SPA525 is another phone inside: it can switch off G.711, and lacks three rates of G.726.
fn codecs(device: &Device) -> &'static [Codec] {
    if device.model.starts_with("SPA525") { SPA525 } else { SPA500 }
}

const fn codec(name: &'static str, word: &'static str) -> Codec {
    Codec { name, word, switch: true, factory: true }
}

const SPA500: &[Codec] = &[
    Codec { name: "G711u", word: "pcmu", switch: false, factory: true },
    Codec { name: "G711a", word: "pcma", switch: false, factory: true },
    codec("G726-16", "g726-16"),
    codec("G726-24", "g726-24"),
    codec("G726-32", "g726-32"),
    codec("G726-40", "g726-40"),
    codec("G729a", "g729"),
    codec("G722", "g722"),
];

const SPA525: &[Codec] =
    &[codec("G711u", "pcmu"), codec("G711a", "pcma"), codec("G726-32", "g726-32"), codec("G729a", "g729"), codec("G722", "g722")];

/// For all lines at once. Sipura's own method is no SRTP that a server would understand.
fn srtp(flash: &Flash, _: u32) -> Outcome<Option<&'static str>> {
    match (secure(flash)?, flash.text("SRTP_Method").as_deref()) {
        (None, _) => Ok(None),
        (Some(false), _) => Ok(Some("off")),
        (Some(true), Some("s-descriptor")) => Ok(Some("optional")),
        (Some(true), method) => Err(format!("SRTP_Method: calls are to be secure, but by {}", method.unwrap_or("x-sipura"))),
    }
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
];

/// Names of dictionaries: which of them a phone has is up to its server of dictionaries.
const LANGUAGES: Words = &[
    ("English-US", "en"),
    ("English", "en"),
    ("German", "de"),
    ("French", "fr"),
    ("Spanish", "es"),
    ("Italian", "it"),
    ("Dutch", "nl"),
    ("Portuguese", "pt"),
    ("Danish", "da"),
    ("Swedish", "sv"),
    ("Norwegian", "no"),
    ("Polish", "pl"),
    ("Russian", "ru"),
    ("Turkish", "tr"),
];

#[cfg(test)]
mod tests {
    use super::super::bench::Bench;
    use super::super::report::{Area, Report};
    use super::super::{Facts, Phone, Refusal};
    use super::*;

    const OWN: &[(&str, &str)] = &[
        ("User_ID_1_", "101"),
        ("Use_Auth_ID_1_", "Yes"),
        ("Auth_ID_1_", "a101"),
        ("Password_1_", "se&amp;cret"),
        ("Proxy_1_", "acme.example:5061"),
        ("Use_Outbound_Proxy_1_", "No"),
        ("Outbound_Proxy_1_", "old.example"),
        ("SIP_Transport_1_", "TLS"),
        ("Preferred_Codec_1_", "G722"),
        ("G729a_Enable_1_", "No"),
        ("Short_Name_1_", "Ann"),
        ("Extension_2_", "Disabled"),
        ("Extended_Function_2_", "fnc=blf+sd+cp;sub=102@$PROXY;ext=102@$PROXY;nme=Bob"),
        ("Unit_1_Key_32", "fnc=sd;ext=103@$PROXY"),
        ("Extension_1_", "1"),
    ];

    fn profile(parameters: &[(&str, &str)]) -> String {
        let elements: String = parameters.iter().map(|(name, value)| format!("<{name} ua=\"na\">{value}</{name}>")).collect();
        format!("<flat-profile>{elements}</flat-profile>")
    }

    fn phone() -> FlatPhone {
        let facts = Facts { lines: 4, line_keys: 4, modules: 2, module_keys: 32, ..Facts::default() };
        new(Device { id: "000e08aabbcc".into(), model: "SPA504G".into(), facts }, Client::new())
    }

    /// What the phone makes of its profile with one parameter more, or other.
    fn with(name: &str, value: &str) -> Result<Report, Refusal> {
        let mut told = OWN.to_vec();
        told.retain(|(known, _)| *known != name);
        told.push((name, value));
        let bench = Bench::new(&[("t/000e08aabbcc.xml", &profile(&told))]);
        phone().provision(&bench.url("t/"))
    }

    #[test]
    fn reads_its_own_profile_after_that_of_its_model() {
        let report = with("Line_Enable_1_", "Yes").unwrap();
        let asked: Vec<_> = report.requests.iter().map(|(path, status)| (path.as_str(), *status)).collect();
        assert_eq!(asked, [("/t/spa504G.cfg", 404), ("/t/000e08aabbcc.xml", 200)]);
        let ann = &report.accounts[0];
        assert_eq!((ann.label.as_deref(), ann.password.as_deref(), ann.transport), (Some("Ann"), Some("se&cret"), "tls"));
        assert_eq!(ann.outbound_proxy, None, "switched off");
        assert_eq!(ann.codecs, ["g722", "pcmu", "pcma", "g726-16", "g726-24", "g726-32", "g726-40"]);
        let bob = report.key(Area::Line, 2).unwrap();
        assert_eq!((bob.kind, bob.value.as_deref(), bob.pickup.as_deref()), ("blf", Some("102"), Some("**#")));
        assert_eq!(report.module_key(1, 32).unwrap().kind, "speed_dial");
    }

    #[test]
    fn a_profile_leads_to_others_by_its_rules() {
        let bench = Bench::new(&[("c/b.xml", "<flat-profile><Language_Selection>German</Language_Selection></flat-profile>")]);
        let rules = [("Profile_Rule", bench.url("t/$MA.xml")), ("Profile_Rule_B", bench.url("c/b.xml"))];
        let rules: Vec<(&str, &str)> = rules.iter().map(|(name, url)| (*name, url.as_str())).collect();
        bench.put("spa504G.cfg", profile(&rules));
        bench.put("t/000e08aabbcc.xml", profile(OWN));
        let report = phone().provision(&bench.url("")).unwrap();
        let asked: Vec<_> = report.requests.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(asked, ["/spa504G.cfg", "/000e08aabbcc.xml", "/t/000e08aabbcc.xml", "/c/b.xml"]);
        assert_eq!((report.language.as_deref(), report.accounts.len()), (Some("de"), 1));
        assert_eq!(report.provisioning, Some(bench.url("t/")));
    }

    #[test]
    fn what_no_profile_mentions_stays_and_what_is_empty_goes() {
        let bench = Bench::new(&[("000e08aabbcc.xml", &profile(OWN))]);
        let mut phone = phone();
        phone.provision(&bench.url("")).unwrap();
        bench.put("000e08aabbcc.xml", profile(&[("Short_Name_1_", "")]));
        let report = phone.provision(&bench.url("")).unwrap();
        assert_eq!((report.accounts[0].label.as_deref(), report.keys.len()), (None, 3));
    }

    #[test]
    fn what_the_phone_does_not_have_is_loud() {
        for (name, value) in [
            ("SIP_Transport_1_", "AUTO"),
            ("Preferred_Codec_1_", "OPUS"),
            ("Preferred_Codec_1_", "G729a"),
            ("User_ID_5_", "105"),
            ("Extension_5_", "1"),
            ("Extension_1_", "5"),
            ("Extended_Function_1_", "fnc=sd;ext=1@$PROXY"),
            ("Unit_3_Key_1", "fnc=sd;ext=1@$PROXY"),
            ("Unit_1_Key_33", "fnc=sd;ext=1@$PROXY"),
            ("Share_Ext_1_", "shared"),
            ("Secure_Call_Setting", "Yes"),
            ("Register_1_", "on"),
            ("Time_Zone", "GMT+04:30"),
            ("Language_Selection", "Klingon"),
            ("Profile_Rule", "https://h/$XX"),
        ] {
            assert!(with(name, value).is_err(), "{name} {value}");
        }
    }
}
