//! The credentials that virtual phones read from their files register: SIPp says them to Kamailio, which has those of the fleet.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::facts;
use crate::fleet::{self, Resolved, element_text};
use crate::phone::http::{Client, Server};
use crate::phone::{self, Device};
use crate::registrar::{Registrar, Subscribers};

/// Makers of phones whose files a virtual phone reads.
const MAKERS: [&str; 3] = ["grandstream", "polycom", "yealink"];

/// A request to register, with its number and what shows who asks.
const REQUEST: &str = r#"
  <send retrans="500"><![CDATA[
    REGISTER sip:[field0] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
    Max-Forwards: 70
    From: <sip:[field1]@[field0]>;tag=[call_number]
    To: <sip:[field1]@[field0]>
    Call-ID: [call_id]
    CSeq: NUMBER REGISTER
    Contact: <sip:[field1]@[local_ip]:[local_port]>
    Expires: 60
WHO    Content-Length: 0

  ]]></send>
"#;

/// SIPp's scenario: the first request is challenged, the second answers.
fn scenario() -> String {
    let request = |number: &str, who: &str| REQUEST.replace("NUMBER", number).replace("WHO", who);
    let (first, second) = (request("1", ""), request("2", "    [field2]\n"));
    format!(
        "<?xml version=\"1.0\"?>\n<scenario name=\"register\">{first}<recv response=\"401\" auth=\"true\"/>{second}<recv response=\"200\"/>\n</scenario>\n"
    )
}

#[test]
fn what_phones_read_registers() {
    let root = fleet::repository();
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    fleet::build(root, &out);
    let server = Server::start(&out.join("site")).expect("a server");
    let mut subscribers = Subscribers::new();
    let mut accounts: Vec<String> = Vec::new();
    let mut phones = 0;
    fleet::each(root, |of| {
        for line in &of.device.lines {
            let said = |name| element_text(line, name).unwrap_or_default();
            // The password of an account at another provider may be known to nobody here.
            if let Some(password) = element_text(line, "line.password") {
                subscribers.insert((said("line.auth_user"), said("line.domain")), password);
            }
        }
        if MAKERS.contains(&of.vendor) && of.enabled {
            phones += 1;
            accounts.extend(read(of, &server));
        }
    });
    accounts.sort();
    accounts.dedup();
    assert!(phones > 200 && accounts.len() > 150, "{} accounts of {phones} phones", accounts.len());
    let registrar = Registrar::start(&subscribers, folder.path());
    register(&accounts, &registrar, folder.path());
    assert_eq!(registrar.registrations(), accounts.len(), "each account registers");
}

/// What a phone that fetched its files would say, as SIPp takes it: domain, user, and how it shows who it is.
fn read(of: &Resolved<'_, '_>, server: &Server) -> Vec<String> {
    let mut client = Client::new();
    client.route(of.base_url, &server.origin());
    let device = Device { id: of.compiled.id.to_string(), model: of.model.name.replace([' ', '-'], ""), facts: facts::of(of) };
    let report = phone::of(of.vendor, device, client).expect("a phone of this maker").provision(&of.url);
    let report = report.unwrap_or_else(|refusal| panic!("{}: {refusal}", of.model.id));
    let line = |account: &phone::report::Account| {
        let auth = account.auth_user.as_ref().unwrap_or(&account.user);
        let password = account.password.as_deref().unwrap_or_default();
        format!("{};{};[authentication username={auth} password={password}]", account.domain, account.user)
    };
    let has_password = |number: u32| {
        let line = of.device.lines.iter().find(|line| u32::from(line.number) == number);
        line.is_none_or(|line| element_text(line, "line.password").is_some())
    };
    report.accounts.iter().filter(|account| has_password(account.number)).map(line).collect()
}

/// Registers all, one after the other; panics where one is refused.
fn register(accounts: &[String], registrar: &Registrar, folder: &Path) {
    fs::write(folder.join("register.xml"), scenario()).expect("a scenario");
    fs::write(folder.join("accounts.csv"), format!("SEQUENTIAL\n{}\n", accounts.join("\n"))).expect("accounts");
    let count = accounts.len().to_string();
    let mut command = Command::new("sipp");
    command.arg(format!("127.0.0.1:{}", registrar.port)).args(["-i", "127.0.0.1", "-m", &count, "-r", "50", "-l", "10", "-nostdin"]);
    command.args(["-sf", "register.xml", "-inf", "accounts.csv", "-timeout", "60s", "-trace_err", "-nd"]).current_dir(folder);
    // It fails where one is refused, which is told better below.
    let said = command.env("TERM", "dumb").output().expect("sipp, which `.ci/run e2e` installs");
    assert_eq!(registrar.refused(), Vec::<String>::new(), "refused");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
}
