//! Soft clients fetch what sipress wrote, register over UDP, TCP and TLS, and call each other.

use std::fs;

use crate::baresip::Baresip;
use crate::fleet::{self, element_text};
use crate::linphone::Linphone;
use crate::process::ports;
use crate::registrar::{Registrar, Subscribers};
use crate::web;

const DOMAIN: &str = "calls.example";
const TRANSPORTS: [&str; 3] = ["udp", "tcp", "tls"];

/// A fleet of three clients of each kind, one a transport.
struct Ground {
    root: tempfile::TempDir,
    web: u16,
    local: [u16; 3],
}

impl Ground {
    fn new() -> Ground {
        let root = tempfile::tempdir().expect("a folder");
        let [web] = ports();
        Ground { root, web, local: ports() }
    }

    /// Writes the fleet and builds it. The passwords come from the fleet's key, so they are known before the registrar's port is.
    fn build(&self, port: u16, tls_port: u16) {
        let settings = format!(
            "name = \"Calls\"\nbase_url = \"http://127.0.0.1:{}\"\n\
             demo_key = \"0ddba11c0ffee0ddba11c0ffee0ddba11c0ffee0ddba11c0ffee0ddba11c0ffe\"\n[defaults.media]\ncodecs = [\"pcmu\", \"pcma\"]\n",
            self.web
        );
        fleet::write(self.root.path(), "devices/fleet.toml", &settings);
        let customer =
            format!("name = \"Calls\"\n[defaults.line]\ndomain = \"{DOMAIN}\"\nexpires = 600\nregistrar = {{ host = \"localhost\" }}\n");
        fleet::write(self.root.path(), "devices/calls/customer.toml", &customer);
        let mut devices = String::new();
        for (place, transport) in TRANSPORTS.iter().enumerate() {
            let port = if *transport == "tls" { tls_port } else { port };
            // baresip asks no hosts file: it is told an address.
            for (first, model, host, local) in [(201, "linphone/linphone", "localhost", true), (211, "baresip/baresip", "127.0.0.1", false)]
            {
                let user = first + place;
                let local = if local { format!("local_port = {}, ", self.local[place]) } else { String::new() };
                devices.push_str(&format!(
                    "[[device]]\nuuid = \"5b0c7d1e-2a3f-4c6d-8e9f-0a1b2c3d4{user:03}\"\nmodel = \"{model}\"\nline = [{{ number = 1, user = \"{user}\", \
                     display_name = \"Ann & {user}\", transport = \"{transport}\", {local}registrar = {{ host = \"{host}\", port = {port} }} }}]\n"
                ));
            }
        }
        fleet::write(self.root.path(), "devices/calls/clients.toml", &devices);
        fleet::build(self.root.path(), &self.root.path().join("out"));
    }

    /// Who may register, as the compiler resolves the fleet: not as any file spells it.
    fn subscribers(&self) -> Subscribers {
        let mut subscribers = Subscribers::new();
        fleet::each(self.root.path(), |of| {
            for line in &of.device.lines {
                let said = |name| element_text(line, name).unwrap_or_default();
                subscribers.insert((said("line.auth_user"), said("line.domain")), said("line.password"));
            }
        });
        subscribers
    }

    fn address(&self, user: usize) -> String {
        let mut address = String::new();
        fleet::each(self.root.path(), |of| {
            if element_text(&of.device.lines[0], "line.user") == Some(user.to_string()) {
                address = fleet::device_text(of.device, "file.main.url").unwrap_or_default();
            }
        });
        address
    }
}

#[test]
fn soft_clients_register_and_call_each_other() {
    let ground = Ground::new();
    let folder = |name: &str| {
        let folder = ground.root.path().join(name);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    };
    ground.build(5060, 5061);
    let registrar = Registrar::start(&ground.subscribers(), &folder("registrar"));
    ground.build(registrar.port, registrar.tls_port);
    let _web = web::serve(&ground.root.path().join("out/site"), ground.web, &folder("web"));

    let clients = folder("clients");
    let linphones: Vec<Linphone> =
        (201..204).map(|user| Linphone::start(&ground.address(user), &registrar.root, &clients, &user.to_string())).collect();
    let controls: [u16; 3] = ports();
    let baresips: Vec<Baresip> = (211..214)
        .zip(controls)
        .map(|(user, control)| {
            let address = ground.address(user);
            let accounts = crate::process::run(std::process::Command::new("curl").args(["--fail", "--silent", "--show-error", &address]));
            Baresip::start(&accounts, &registrar.root, &clients, &user.to_string(), control)
        })
        .collect();
    let all: Vec<String> = [201, 211]
        .iter()
        .flat_map(|first| {
            TRANSPORTS.iter().enumerate().map(move |(place, transport)| format!("registered {}@{DOMAIN} over {transport}", first + place))
        })
        .collect();
    registrar.wait_for(&all);

    linphones[0].call(&format!("sip:203@{DOMAIN}"));
    linphones[2].call(&format!("sip:202@{DOMAIN}"));
    baresips[0].call(&format!("sip:202@{DOMAIN}"));
    baresips[2].call(&format!("sip:201@{DOMAIN}"));
    baresips[1].answer(|| linphones[1].call(&format!("sip:212@{DOMAIN}")));
}

#[test]
fn a_wrong_password_does_not_register() {
    let ground = Ground::new();
    ground.build(5060, 5061);
    let folder = ground.root.path().join("registrar");
    fs::create_dir_all(&folder).expect("a folder");
    let wrong: Subscribers = ground.subscribers().into_iter().map(|(who, password)| (who, format!("{password}x"))).collect();
    let registrar = Registrar::start(&wrong, &folder);
    ground.build(registrar.port, registrar.tls_port);
    let web = ground.root.path().join("web");
    fs::create_dir_all(&web).expect("a folder");
    let _web = web::serve(&ground.root.path().join("out/site"), ground.web, &web);
    let _linphone = Linphone::start(&ground.address(201), &registrar.root, ground.root.path(), "201");
    registrar.wait_for(&[format!("refused 201@{DOMAIN}")]);
    assert_eq!(registrar.registrations(), 0);
}
