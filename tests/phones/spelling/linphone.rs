//! Linphone.

use crate::fleet::Resolved;
use crate::phone::report::Report;

/// One value for all accounts, numbered without gaps; no keys, no clock, no screen.
pub fn linphone(_: &Resolved, report: &mut Report) {
    let first = report.accounts.first().cloned().unwrap_or_default();
    for (account, number) in report.accounts.iter_mut().zip(1..) {
        account.number = number;
        account.label = None;
        account.shared = "off";
        account.dns_mode = None;
        account.backups.clear();
        account.srtp = first.srtp;
        account.dtmf.clone_from(&first.dtmf);
        account.codecs.clone_from(&first.codecs);
        let route = account.outbound_proxy.take();
        account.outbound_proxy = route.or_else(|| Some(account.server.clone()));
    }
    report.keys.clear();
    report.ntp.clear();
    report.time = None;
    report.admin_password = None;
    report.language = None;
}
