//! nginx with a site behind it.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use crate::process::{Running, until};

/// Serves the folder `site` at a port of this machine, until the value is dropped. `folder` is for the server's own files.
pub fn serve(site: &Path, port: u16, folder: &Path) -> Running {
    let (own, site) = (folder.display(), site.display());
    // Whoever starts it reads the site: a temporary folder is nobody else's.
    let user = if fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) { "user root;" } else { "" };
    let config = format!(
        "{user} daemon off; pid {own}/nginx.pid; error_log {own}/nginx.errors; events {{}}\n\
         http {{ access_log {own}/access.log; types {{ application/xml xml; text/vcard vcf; }}\n\
         client_body_temp_path {own}/body; proxy_temp_path {own}/proxy; fastcgi_temp_path {own}/fastcgi; uwsgi_temp_path {own}/uwsgi; scgi_temp_path {own}/scgi;\n\
         server {{ listen 127.0.0.1:{port}; root {site}; }} }}\n"
    );
    fs::write(folder.join("nginx.conf"), config).expect("a configuration");
    let mut command = Command::new("nginx");
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf"));
    let server = Running::start(&mut command, &folder.join("nginx.log"));
    until(|| TcpStream::connect(("127.0.0.1", port)).is_ok(), || format!("nginx does not listen:\n{}", server.said()));
    server
}
