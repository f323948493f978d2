//! A static web server on the loopback, and the client inside every phone.

use std::cell::RefCell;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::Outcome;
use super::net::percent_decoded;

const PATIENCE: Duration = Duration::from_secs(10);

/// Serves the files of one folder to GET and HEAD until it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

struct Shared {
    root: Mutex<PathBuf>,
    seen: Mutex<Vec<Seen>>,
    closing: AtomicBool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub status: u16,
}

impl Server {
    pub fn start(root: &Path) -> io::Result<Server> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { root: Mutex::new(root.to_owned()), seen: Mutex::new(Vec::new()), closing: AtomicBool::new(false) });
        let served = Arc::clone(&shared);
        let listener = thread::spawn(move || listen(&listener, &served));
        Ok(Server { address, shared, listener: Some(listener) })
    }

    /// As in `http://127.0.0.1:4711`, without a slash at the end.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on another folder.
    pub fn serve(&self, root: &Path) {
        root.clone_into(&mut self.shared.root.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Every request so far, in the order of their answers.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn count(&self, path: &str) -> usize {
        self.seen().iter().filter(|seen| seen.path == path).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if let Some(listener) = self.listener.take() {
            drop(listener.join());
        }
    }
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.closing.load(Ordering::SeqCst) {
            return;
        }
        let shared = Arc::clone(shared);
        if let Ok(stream) = stream {
            thread::spawn(move || drop(answer(&stream, &shared)));
        }
    }
}

fn answer(stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let mut words = request.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (status, body) = look_up(method, path, shared);
    let seen = Seen { method: method.to_owned(), path: path.to_owned(), status };
    shared.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    write_answer(stream, status, content_type(path), &body, method != "HEAD")
}

fn look_up(method: &str, path: &str, shared: &Shared) -> (u16, Vec<u8>) {
    if method != "GET" && method != "HEAD" {
        return (405, Vec::new());
    }
    let root = shared.root.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match file_below(&root, path).and_then(|file| std::fs::read(file).ok()) {
        Some(body) => (200, body),
        None => (404, Vec::new()),
    }
}

fn file_below(root: &Path, path: &str) -> Option<PathBuf> {
    let relative = percent_decoded(path.split('?').next()?.strip_prefix('/')?)?;
    let plain = Path::new(&relative).components().all(|part| matches!(part, Component::Normal(_)));
    plain.then(|| root.join(relative)).filter(|file| file.is_file())
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("xml") => "text/xml; charset=utf-8",
        Some("cfg" | "boot") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn write_answer(mut stream: &TcpStream, status: u16, kind: &str, body: &[u8], with_body: bool) -> io::Result<()> {
    let reason = match status {
        200 => "OK",
        404 => "Not Found",
        _ => "Method Not Allowed",
    };
    let length = body.len();
    write!(stream, "HTTP/1.1 {status} {reason}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")?;
    if with_body {
        stream.write_all(body)?;
    }
    stream.flush()
}

/// Fetches with GET over plain HTTP and remembers what it asked for.
#[derive(Debug, Default)]
pub struct Client {
    hosts: Vec<(String, String)>,
    requests: RefCell<Vec<(String, u16)>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Client {
    pub fn new() -> Client {
        Client::default()
    }

    /// URLs that begin with `prefix` go to `origin`, as if a name server and a TLS proxy stood between.
    /// A later call for the same prefix replaces an earlier one.
    pub fn route(&mut self, prefix: &str, origin: &str) {
        self.hosts.retain(|(known, _)| known != prefix);
        self.hosts.push((prefix.to_owned(), origin.to_owned()));
    }

    pub fn get(&self, url: &str) -> Outcome<Answer> {
        let routed = self.routed(url);
        let rest = routed.strip_prefix("http://").ok_or_else(|| format!("{url}: no route there"))?;
        let (host, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
        if path.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(format!("{url}: white space in a URL"));
        }
        let answer = exchange(host, path).map_err(|error| format!("{url}: {error}"))?;
        self.requests.borrow_mut().push((path.to_owned(), answer.status));
        Ok(answer)
    }

    /// The file, or nothing where there is none; any other answer is a failure.
    pub fn find(&self, url: &str) -> Outcome<Option<Vec<u8>>> {
        match self.get(url)? {
            Answer { status: 200, body } => Ok(Some(body)),
            Answer { status: 404, .. } => Ok(None),
            Answer { status, .. } => Err(format!("{url}: status {status}")),
        }
    }

    /// A file that must be there.
    pub fn need(&self, url: &str) -> Outcome<Vec<u8>> {
        self.find(url)?.ok_or_else(|| format!("{url}: not found"))
    }

    pub fn take_requests(&self) -> Vec<(String, u16)> {
        self.requests.take()
    }

    fn routed(&self, url: &str) -> String {
        let longest = self.hosts.iter().filter(|(prefix, _)| url.starts_with(prefix.as_str())).max_by_key(|(prefix, _)| prefix.len());
        longest.map_or_else(|| url.to_owned(), |(prefix, origin)| format!("{origin}{}", &url[prefix.len()..]))
    }
}

fn exchange(host: &str, path: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    read_answer(&bytes).ok_or_else(|| io::Error::other("a broken or torn answer"))
}

/// `None` where the head is broken or the body is shorter or longer than announced.
fn read_answer(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.split(' ').next()?.parse().ok()?;
    let length: usize = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    })?;
    let body = bytes[end + 4..].to_vec();
    (body.len() == length).then_some(Answer { status, body })
}

#[cfg(test)]
mod tests {
    use super::super::bench::Bench;
    use super::*;

    #[test]
    fn serves_its_folder_and_nothing_else() {
        let bench = Bench::new(&[("t/a.cfg", "hello"), ("t/b c.cfg", "space")]);
        let client = Client::new();
        assert_eq!(client.find(&bench.url("t/a.cfg")).unwrap().unwrap(), b"hello");
        assert_eq!(client.find(&bench.url("t/b%20c.cfg")).unwrap().unwrap(), b"space");
        for absent in ["t", "t/", "nothing", "../etc/passwd", "t/../t/a.cfg", "t/%2e%2e/t/a.cfg", "/etc/passwd"] {
            assert_eq!(client.find(&bench.url(absent)).unwrap(), None, "{absent}");
        }
        assert_eq!(client.take_requests()[0], ("/t/a.cfg".to_owned(), 200));
        assert_eq!(bench.server.count("/t/a.cfg"), 1);
    }

    #[test]
    fn answers_head_without_a_body_and_refuses_to_be_written_to() {
        let bench = Bench::new(&[("a.cfg", "hello")]);
        let ask = |request: &str| {
            let mut stream = TcpStream::connect(bench.server.address).unwrap();
            write!(stream, "{request}\r\n\r\n").unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            text
        };
        let head = ask("HEAD /a.cfg HTTP/1.1");
        assert!(head.contains("Content-Length: 5") && head.ends_with("\r\n\r\n"));
        assert!(ask("PUT /a.cfg HTTP/1.1").starts_with("HTTP/1.1 405"));
    }

    #[test]
    fn a_public_name_is_routed_to_the_loopback() {
        let bench = Bench::new(&[("t/a.cfg", "hello")]);
        let mut client = Client::new();
        assert!(client.get("https://prov.example/t/a.cfg").unwrap_err().contains("no route"));
        client.route("https://prov.example", &bench.server.origin());
        assert_eq!(client.need("https://prov.example/t/a.cfg").unwrap(), b"hello");
    }

    #[test]
    fn another_folder_can_take_its_place() {
        let (first, second) = (Bench::new(&[("a", "1")]), Bench::new(&[("a", "2")]));
        first.server.serve(second.folder_path());
        assert_eq!(Client::new().need(&first.url("a")).unwrap(), b"2");
    }

    #[test]
    fn a_torn_answer_is_no_answer() {
        assert_eq!(read_answer(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"), None);
        assert_eq!(read_answer(b"HTTP/1.1 200 OK\r\nContent-Le"), None);
    }
}
