//! Kamailio as registrar and proxy: digest authentication of the subscribers that it is given, over UDP, TCP and TLS.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use data_encoding::HEXLOWER;
use md5::{Digest, Md5};

use crate::process::{Running, ports, run};

/// A running registrar.
pub struct Registrar {
    server: Running,
    /// UDP and TCP.
    pub port: u16,
    /// TLS.
    pub tls_port: u16,
    /// Who signed its certificate: itself.
    pub root: PathBuf,
}

/// Who may register: the user of the digest and its realm, and their password.
pub type Subscribers = BTreeMap<(String, String), String>;

const MODULES: [&str; 13] =
    ["tm", "sl", "rr", "pv", "maxfwd", "usrloc", "registrar", "siputils", "textops", "xlog", "auth", "htable", "tls"];

const ROUTE: &str = r#"
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("404", "Not Here"); exit;
  }
  if (is_method("REGISTER")) {
    if (!pv_www_authenticate("$fd", "$sht(subscriber=>$au@$fd)", "1")) {
      if ($au != $null) xlog("L_NOTICE", "refused $au@$fd\n");
      www_challenge("$fd", "1");
      exit;
    }
    if (!save("location")) { sl_reply_error(); exit; }
    xlog("L_NOTICE", "registered $fU@$fd over $proto\n");
    exit;
  }
  if (is_method("INVITE")) record_route();
  if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
  t_relay();
}
"#;

impl Registrar {
    /// Starts it for these subscribers. `folder` is for its files.
    pub fn start(subscribers: &Subscribers, folder: &Path) -> Registrar {
        let [port, tls_port] = ports();
        let root = certificate(folder);
        let own = folder.display();
        let tls = format!(
            "[server:default]\nmethod = TLSv1.2+\nverify_certificate = no\nprivate_key = {own}/key.pem\ncertificate = {own}/certificate.pem\n"
        );
        fs::write(folder.join("tls.cfg"), tls).expect("a configuration");
        let mut config = format!(
            "#!KAMAILIO\ndebug=2\nlog_stderror=yes\nchildren=2\nenable_tls=yes\nlisten=udp:127.0.0.1:{port}\nlisten=tcp:127.0.0.1:{port}\n\
             listen=tls:127.0.0.1:{tls_port}\n"
        );
        MODULES.iter().for_each(|module| config.push_str(&format!("loadmodule \"{module}.so\"\n")));
        config.push_str("modparam(\"htable\", \"htable\", \"subscriber=>size=12;\")\n");
        config.push_str(&format!("modparam(\"tls\", \"config\", \"{own}/tls.cfg\")\nevent_route[htable:mod-init] {{\n"));
        for ((user, realm), password) in subscribers {
            let ha1 = HEXLOWER.encode(&Md5::digest(format!("{user}:{realm}:{password}")));
            config.push_str(&format!("  $sht(subscriber=>{user}@{realm}) = \"{ha1}\";\n"));
        }
        config.push_str("}\n");
        config.push_str(ROUTE);
        fs::write(folder.join("kamailio.cfg"), config).expect("a configuration");
        let mut command = Command::new("kamailio");
        command.args(["-DD", "-E", "-m", "256", "-f"]).arg(folder.join("kamailio.cfg")).arg("-Y").arg(folder);
        let server = Running::start(&mut command, &folder.join("kamailio.log"));
        server.wait_for(&["registered server_name callback"]);
        Registrar { server, port, tls_port, root }
    }

    /// Waits until all of this happened: `registered 101@acme.example over udp`, `refused 101@acme.example`.
    pub fn wait_for(&self, happened: &[String]) {
        let lines: Vec<String> = happened.iter().map(|line| format!("{line}\n")).collect();
        self.server.wait_for(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// Who was refused.
    pub fn refused(&self) -> Vec<String> {
        self.server.said().lines().filter_map(|line| line.split_once(": refused ")).map(|(_, who)| who.to_owned()).collect()
    }

    /// How many have registered.
    pub fn registrations(&self) -> usize {
        self.server.said().lines().filter(|line| line.contains(": registered ") && line.contains(" over ")).count()
    }
}

/// A certificate for this machine, signed by itself.
fn certificate(folder: &Path) -> PathBuf {
    let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
    let names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
    let mut command = Command::new("openssl");
    command.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", names]);
    run(command.arg("-keyout").arg(key).arg("-out").arg(&certificate));
    certificate
}
