//! Programs that run beside a test, and what they say.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program that ends with the test.
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts a program; what it says goes into `log`.
    pub fn start(command: &mut Command, log: &Path) -> Running {
        let file = File::create(log).expect("a log");
        let errors = file.try_clone().expect("a log");
        let name = command.get_program().to_owned();
        let child = command.stdin(Stdio::null()).stdout(file).stderr(errors).spawn();
        let child = child.unwrap_or_else(|error| panic!("{} does not start: {error}; `.ci/run e2e` installs it", name.display()));
        Running { child, log: log.to_owned() }
    }

    /// What it said so far.
    pub fn said(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Waits until it says all of `parts`.
    pub fn wait_for(&self, parts: &[&str]) {
        let missing = || parts.iter().filter(|part| !self.said().contains(**part)).copied().collect::<Vec<_>>();
        until(|| missing().is_empty(), || format!("{} never said {:?}:\n{}", self.log.display(), missing(), self.said()));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Servers with processes of their own end them when they are asked to; nothing else is left to be done with an error.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(5) {
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
                return;
            }
            sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something holds; panics with `told` where it never does.
pub fn until(mut holds: impl FnMut() -> bool, told: impl Fn() -> String) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{}", told());
        sleep(Duration::from_millis(50));
    }
}

/// Ports of this machine that nobody listens at, for TCP and UDP.
pub fn ports<const COUNT: usize>() -> [u16; COUNT] {
    let held: [TcpListener; COUNT] = std::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").expect("a port"));
    held.each_ref().map(|listener| listener.local_addr().expect("an address").port())
}

/// Runs a program to its end; panics with what it said where it fails.
pub fn run(command: &mut Command) -> String {
    let name = command.get_program().to_owned();
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{} does not start: {error}; `.ci/run e2e` installs it", name.display()));
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?} failed:\n{said}");
    said
}
