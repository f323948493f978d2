//! Linphone's daemon, given nothing but the address of its document and the authority that the machine trusts.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::process::{Running, until};

/// A running client.
pub struct Linphone {
    _client: Running,
    pipe: String,
    /// The daemon takes one connection in its life.
    commands: Mutex<UnixStream>,
}

/// Pipes have names of their own in the machine's one folder for them.
static STARTED: AtomicU32 = AtomicU32::new(0);

impl Linphone {
    /// Starts it with a home of its own.
    pub fn start(url: &str, root: &Path, folder: &Path, name: &str) -> Linphone {
        let home = folder.join(name);
        for kept in [".local/share/linphone", ".config/linphone"] {
            fs::create_dir_all(home.join(kept)).expect("a home");
        }
        let settings = home.join("linphonerc");
        fs::write(&settings, format!("[misc]\nconfig-uri={url}\n[sip]\nroot_ca={}\n", root.display())).expect("settings");
        let pipe = format!("sipress-{}-{}", std::process::id(), STARTED.fetch_add(1, Ordering::Relaxed));
        let mut command = Command::new("linphone-daemon");
        command.env("HOME", &home).args(["--auto-answer", "--pipe", &pipe]).arg("--config").arg(settings);
        command.arg("--log").arg(home.join("log"));
        let client = Running::start(&mut command, &home.join("said"));
        let pipe = format!("/tmp/{pipe}");
        let mut commands = None;
        until(
            || {
                commands = UnixStream::connect(&pipe).ok();
                commands.is_some()
            },
            || format!("{name} does not listen:\n{}", client.said()),
        );
        let commands = commands.expect("a connection");
        commands.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        Linphone { _client: client, pipe, commands: Mutex::new(commands) }
    }

    /// Gives a command; its answer.
    pub fn command(&self, line: &str) -> String {
        let mut stream = self.commands.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(stream, "{line}").expect("a command");
        let mut answer = vec![0; 65536];
        let length = stream.read(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer[..length]).into_owned()
    }

    /// Calls someone, waits until both hear each other, and hangs up.
    pub fn call(&self, whom: &str) {
        let called = self.command(&format!("call {whom}"));
        let id = called.lines().find_map(|line| line.strip_prefix("Id: ")).unwrap_or_else(|| panic!("a call to {whom}: {called}"));
        let status = || self.command(&format!("call-status {id}"));
        until(|| status().contains("LinphoneCallStreamsRunning"), || format!("the call to {whom} does not come about: {}", status()));
        let ended = self.command(&format!("terminate {id}"));
        assert!(ended.contains("Status: Ok"), "{ended}");
    }
}

impl Drop for Linphone {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.pipe);
    }
}
