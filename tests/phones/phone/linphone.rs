//! A Linphone: one XML document applied to a persistent store, with the traps of the real client.

mod account;
mod document;
mod media;
mod stun;

use super::flash::Flash;
use super::http::Client;
use super::report::Report;
use super::{Device, Outcome, Phone, Refusal, vcard};

/// The store holds `section/key`.
pub struct Linphone {
    device: Device,
    client: Client,
    store: Flash,
}

/// What the store has in the place of a password after the first registration: a digest, which we keep readable.
const DIGEST_OF: &str = "digest of ";

impl Linphone {
    pub fn new(device: Device, client: Client) -> Linphone {
        Linphone { device, client, store: Flash::default() }
    }

    fn understand(&self, store: &Flash) -> Outcome<Report> {
        let accounts = account::all(store, self.device.facts.lines)?;
        let phonebook = match store.text("misc/contacts-vcard-list") {
            Some(url) => vcard::parse(&url, &self.client.need(&url)?)?,
            None => Vec::new(),
        };
        Ok(Report {
            stun: stun::server(store, &accounts)?,
            accounts,
            phonebook,
            provisioning: store.text("misc/config-uri"),
            ..Report::default()
        })
    }
}

impl Phone for Linphone {
    fn run(&mut self, url: &str) -> Outcome<Report> {
        let mut store = self.store.clone();
        document::apply(url, &self.client.need(url)?, &mut store)?;
        let report = self.understand(&store)?;
        if store.raw("sip/store_ha1_passwd") != Some("0") {
            forget_passwords(&mut store);
        }
        self.store = store;
        Ok(report)
    }

    fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// After its first registration the client keeps a digest and drops the password.
fn forget_passwords(store: &mut Flash) {
    let mut indices = store.indices("auth_info_", "/passwd").into_iter().collect::<Vec<_>>();
    indices.sort_unstable();
    for index in indices {
        let (passwd, ha1) = (format!("auth_info_{index}/passwd"), format!("auth_info_{index}/ha1"));
        if let Some(password) = store.text(&passwd).filter(|_| store.text(&ha1).is_none()) {
            store.set(ha1, format!("{DIGEST_OF}{password}"));
        }
        store.reset(&passwd);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Facts;
    use super::super::bench::Bench;
    use super::*;

    fn config(entries: &[(&str, &str)]) -> String {
        let entries: String = entries
            .iter()
            .map(|(key, value)| {
                let (section, key) = key.split_once('/').unwrap();
                format!("<section name=\"{section}\"><entry name=\"{key}\" overwrite=\"true\">{value}</entry></section>")
            })
            .collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<config xmlns=\"http://www.linphone.org/xsds/lpconfig.xsd\">{entries}</config>"
        )
    }

    const ANN: &[(&str, &str)] = &[
        ("proxy_0/reg_identity", "\"Ann &amp; Lee\" &lt;sip:101@acme.example&gt;"),
        ("proxy_0/reg_proxy", "&lt;sip:sip.acme.example:5061;transport=tls&gt;"),
        ("proxy_0/reg_route", "&lt;sip:sip.acme.example:5061;transport=tls;lr&gt;"),
        ("proxy_0/reg_expires", "600"),
        ("auth_info_0/username", "101"),
        ("auth_info_0/userid", "a101"),
        ("auth_info_0/passwd", "first"),
        ("auth_info_0/ha1", ""),
    ];

    fn phone() -> Linphone {
        Linphone::new(Device { id: "9f2c".into(), model: "linphone".into(), facts: Facts::default() }, Client::new())
    }

    fn provision(phone: &mut Linphone, text: &str) -> Result<Report, Refusal> {
        let bench = Bench::new(&[("t/x.xml", text)]);
        phone.provision(&bench.url("t/x.xml"))
    }

    fn and(more: &[(&'static str, &'static str)]) -> String {
        config(&[ANN, more].concat())
    }

    #[test]
    fn reads_an_account() {
        let report = provision(&mut phone(), &and(&[])).unwrap();
        assert_eq!(report.requests, [("/t/x.xml".to_owned(), 200)]);
        let ann = &report.accounts[0];
        assert_eq!((ann.user.as_str(), ann.domain.as_str(), ann.display_name.as_deref()), ("101", "acme.example", Some("Ann & Lee")));
        assert_eq!((ann.transport, ann.server.port, ann.expires), ("tls", Some(5061), Some(600)));
        assert_eq!((ann.auth_user.as_deref(), ann.password.as_deref()), (Some("a101"), Some("first")));
        assert_eq!(ann.outbound_proxy, Some(ann.server.clone()));
    }

    #[test]
    fn a_new_password_needs_a_blank_digest() {
        let mut phone = phone();
        provision(&mut phone, &and(&[])).unwrap();
        let rotated = and(&[]).replace("first", "second");
        let forgetful = rotated.replace("<entry name=\"ha1\" overwrite=\"true\"></entry>", "");
        let stale = provision(&mut phone, &forgetful).unwrap();
        assert_eq!(stale.accounts[0].password.as_deref(), Some("first"), "the digest of the old one wins");
        assert_eq!(provision(&mut phone, &rotated).unwrap().accounts[0].password.as_deref(), Some("second"));
    }

    #[test]
    fn a_client_told_not_to_store_digests_takes_a_new_password() {
        let mut phone = phone();
        let told = and(&[("sip/store_ha1_passwd", "0")]).replace("<entry name=\"ha1\" overwrite=\"true\"></entry>", "");
        provision(&mut phone, &told).unwrap();
        let report = provision(&mut phone, &told.replace("first", "second")).unwrap();
        assert_eq!(report.accounts[0].password.as_deref(), Some("second"));
    }

    #[test]
    fn accounts_stay_until_they_are_blanked_and_have_no_gaps() {
        let mut phone = phone();
        let second = [("proxy_1/reg_identity", "sip:102@acme.example"), ("proxy_1/reg_proxy", "sip:sip.acme.example")];
        assert_eq!(provision(&mut phone, &and(&second)).unwrap().accounts.len(), 2);
        assert_eq!(provision(&mut phone, &and(&[])).unwrap().accounts.len(), 2, "a shorter document removes nothing");
        assert_eq!(provision(&mut phone, &and(&[("proxy_1/reg_identity", ""), ("proxy_1/reg_proxy", "")])).unwrap().accounts.len(), 1);
        let far = [("proxy_2/reg_identity", "sip:103@acme.example"), ("proxy_2/reg_proxy", "sip:sip.acme.example")];
        assert_eq!(provision(&mut phone, &and(&far)).unwrap().accounts.len(), 1);
    }

    #[test]
    fn overwriting_is_spelled_true() {
        let mut phone = phone();
        provision(&mut phone, &and(&[])).unwrap();
        for spelled in ["overwrite=\"1\"", "overwrite=\"false\"", ""] {
            let later = and(&[]).replace("600", "900").replace("overwrite=\"true\"", spelled);
            assert_eq!(provision(&mut phone, &later).unwrap().accounts[0].expires, Some(600), "{spelled}");
        }
    }

    #[test]
    fn a_refused_document_changes_nothing() {
        let mut phone = phone();
        let before = provision(&mut phone, &and(&[])).unwrap();
        for broken in [
            and(&[]).replace("first", "<!-- c -->first"),
            and(&[]).replace("first", "fi<![CDATA[rst]]>"),
            and(&[]).replace("first", "\n  first\n"),
            and(&[]).replace("first", " first"),
            and(&[]).replace("first", "first&#10;[sip]"),
            and(&[]).replace("&amp;", "&"),
            and(&[]).replace("</config>", ""),
            "<html/>".to_owned(),
            String::new(),
        ] {
            assert!(provision(&mut phone, &broken).is_err(), "{broken}");
        }
        let silent = config(&[]);
        assert_eq!(provision(&mut phone, &silent).unwrap().accounts, before.accounts);
    }

    #[test]
    fn a_value_may_be_all_cdata() {
        let report = provision(&mut phone(), &and(&[]).replace("first", "<![CDATA[a<b]]>")).unwrap();
        assert_eq!(report.accounts[0].password.as_deref(), Some("a<b"));
    }

    #[test]
    fn stun_needs_a_policy_with_ice_that_is_referred_to() {
        let stun = |more: &[(&'static str, &'static str)]| provision(&mut phone(), &and(more)).map(|report| report.stun);
        let policy =
            [("nat_policy_0/ref", "x"), ("nat_policy_0/stun_server", "stun.example.net:3478"), ("nat_policy_0/protocols", "stun,ice")];
        let global = [("net/nat_policy_ref", "x")];
        assert_eq!(stun(&[("net/stun_server", "stun.example.net"), ("net/firewall_policy", "stun")]).unwrap(), None);
        assert_eq!(stun(&policy).unwrap(), None);
        assert_eq!(stun(&[&policy[..], &global].concat()).unwrap().unwrap().port, Some(3478));
        assert_eq!(stun(&[&policy[..], &[("proxy_0/nat_policy_ref", "x")]].concat()).unwrap().unwrap().host, "stun.example.net");
        assert_eq!(stun(&[&policy[..2], &[("nat_policy_0/protocols", "stun")], &global].concat()).unwrap(), None);
        assert!(stun(&global).is_err());
    }

    #[test]
    fn codecs_that_are_not_named_stay_in_front() {
        let named = [
            ("audio_codec_0/mime", "G722"),
            ("audio_codec_0/enabled", "1"),
            ("audio_codec_1/mime", "PCMU"),
            ("audio_codec_1/enabled", "0"),
        ];
        let report = provision(&mut phone(), &and(&named)).unwrap();
        assert_eq!(report.accounts[0].codecs, ["opus", "speex", "pcma", "g729", "g722"]);
    }

    #[test]
    fn fetches_its_contacts() {
        let bench = Bench::new(&[("c.vcf", "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann\r\nTEL:101\r\nEND:VCARD\r\n")]);
        let url = bench.url("c.vcf");
        let text = config(&[("misc/contacts-vcard-list", &url)]);
        assert_eq!(provision(&mut phone(), &text).unwrap().phonebook[0].name, "Ann");
    }
}
