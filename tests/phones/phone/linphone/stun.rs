//! NAT policies, the only place of a STUN server that the client uses.

use super::super::Outcome;
use super::super::flash::Flash;
use super::super::net::host_port;
use super::super::report::{Account, HostPort};

/// Only a policy that is referred to, with STUN and ICE, sends anything.
pub fn policy(store: &Flash, reference: &str) -> Outcome<Option<HostPort>> {
    let Some(wanted) = store.text(reference) else {
        return Ok(None);
    };
    for index in 0_u32.. {
        let text = |key: &str| store.text(&format!("nat_policy_{index}/{key}"));
        let Some(found) = text("ref") else { break };
        if found == wanted {
            let protocols = text("protocols").unwrap_or_default();
            let both = ["stun", "ice"].iter().all(|needed| protocols.split(',').any(|protocol| protocol.trim() == *needed));
            return text("stun_server").filter(|_| both).map(|server| host_port(&server)).transpose();
        }
    }
    Err(format!("{reference}: there is no NAT policy `{wanted}`"))
}

pub fn server(store: &Flash, accounts: &[Account]) -> Outcome<Option<HostPort>> {
    if let Some(server) = policy(store, "net/nat_policy_ref")? {
        return Ok(Some(server));
    }
    match accounts.iter().find(|account| account.uses_stun) {
        Some(account) => policy(store, &format!("proxy_{}/nat_policy_ref", account.number - 1)),
        None => Ok(None),
    }
}
