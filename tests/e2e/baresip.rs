//! baresip, whose accounts are fetched for it, as it fetches nothing itself.

use std::collections::VecDeque;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::process::{Running, until};

/// A running client.
pub struct Baresip {
    client: Running,
    control: u16,
}

impl Baresip {
    /// Starts it with these accounts; `control` is the port for its commands.
    pub fn start(accounts: &str, root: &Path, folder: &Path, name: &str, control: u16) -> Baresip {
        let home = folder.join(name);
        fs::create_dir_all(&home).expect("a home");
        fs::write(home.join("accounts"), accounts).expect("accounts");
        fs::write(home.join("hum.wav"), silence()).expect("a sound");
        let own = home.display();
        let config = format!(
            "sip_listen 127.0.0.1:0\nsip_cafile {}\nsip_verify_server yes\naudio_source aufile,{own}/hum.wav\naudio_player aufile,{own}/heard.wav\n\
             module_path /usr/lib/baresip/modules\nmodule g711.so\nmodule aufile.so\nmodule_tmp account.so\nmodule_app menu.so\n\
             module_app ctrl_tcp.so\nctrl_tcp_listen 127.0.0.1:{control}\n",
            root.display()
        );
        fs::write(home.join("config"), config).expect("settings");
        let client = Running::start(Command::new("baresip").arg("-f").arg(&home), &home.join("said"));
        client.wait_for(&["baresip is ready."]);
        Baresip { client, control }
    }

    /// Calls someone, waits until the call stands, and hangs up.
    pub fn call(&self, whom: &str) {
        let mut control = Control::connect(self.control);
        control.give("dial", whom);
        control.wait_for("CALL_ESTABLISHED", || self.client.said());
        control.give("hangup", "");
        control.wait_for("CALL_CLOSED", || self.client.said());
    }

    /// Takes the next call while `dial` makes it.
    pub fn answer(&self, dial: impl FnOnce() + Send) {
        let mut control = Control::connect(self.control);
        std::thread::scope(|scope| {
            scope.spawn(dial);
            control.wait_for("CALL_INCOMING", || self.client.said());
            control.give("accept", "");
            control.wait_for("CALL_ESTABLISHED", || self.client.said());
            control.wait_for("CALL_CLOSED", || self.client.said());
        });
    }
}

/// Its control connection: netstrings of JSON, events and answers mixed.
struct Control {
    stream: TcpStream,
    read: Vec<u8>,
    /// Events that nobody waited for yet, the oldest first.
    events: VecDeque<String>,
}

impl Control {
    fn connect(port: u16) -> Control {
        let mut stream = None;
        until(
            || {
                stream = TcpStream::connect(("127.0.0.1", port)).ok();
                stream.is_some()
            },
            || "baresip takes no commands".to_owned(),
        );
        let stream = stream.expect("a connection");
        stream.set_read_timeout(Some(Duration::from_millis(200))).expect("a timeout");
        Control { stream, read: Vec::new(), events: VecDeque::new() }
    }

    fn give(&mut self, command: &str, parameters: &str) {
        let message = json!({ "command": command, "params": parameters }).to_string();
        write!(self.stream, "{}:{message},", message.len()).expect("a command");
    }

    fn wait_for(&mut self, event: &str, told: impl Fn() -> String) {
        until(
            || {
                let mut buffer = [0; 4096];
                // Nothing to read yet is no error.
                let length = self.stream.read(&mut buffer).unwrap_or(0);
                self.read.extend_from_slice(&buffer[..length]);
                while let Some(message) = self.next() {
                    self.events.extend(message["type"].as_str().map(str::to_owned));
                }
                // What came with it is for the next one who waits.
                self.events.iter().position(|kind| kind == event).map(|place| self.events.drain(..=place)).is_some()
            },
            || format!("no {event}:\n{}", told()),
        );
    }

    fn next(&mut self) -> Option<Value> {
        let colon = self.read.iter().position(|byte| *byte == b':')?;
        let length: usize = std::str::from_utf8(&self.read[..colon]).ok()?.parse().ok()?;
        let whole = colon + 1 + length + 1;
        if self.read.len() < whole {
            return None;
        }
        let message = serde_json::from_slice(&self.read[colon + 1..whole - 1]).expect("JSON");
        self.read.drain(..whole);
        Some(message)
    }
}

/// Ten seconds of nothing, as a WAV file of 8000 samples a second.
fn silence() -> Vec<u8> {
    let samples = vec![0_u8; 160_000];
    let size = samples.len() as u32;
    let mut file = Vec::new();
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(size + 36).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    file.extend_from_slice(&[1, 0, 1, 0]);
    file.extend_from_slice(&8000_u32.to_le_bytes());
    file.extend_from_slice(&16000_u32.to_le_bytes());
    file.extend_from_slice(&[2, 0, 16, 0]);
    file.extend_from_slice(b"data");
    file.extend_from_slice(&size.to_le_bytes());
    file.extend_from_slice(&samples);
    file
}
