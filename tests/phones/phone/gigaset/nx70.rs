//! A base: each handset has the account of its number, an account has a provider.

use super::super::flash::Flash;
use super::super::report::{Account, Dst, Report, Time};
use super::super::words::Words;
use super::super::{Facts, Outcome};
use super::{dtmf, outbound_proxy, server, srtp, zone};

const PROVIDERS: u32 = 10;

/// What a base understands but for its directory.
pub fn understand(flash: &Flash, facts: &Facts) -> Outcome<Report> {
    let mut accounts = Vec::new();
    for number in flash.indices("handset ", "") {
        if number > facts.lines {
            return Err(format!("handset {number}: this base has {}", facts.lines));
        }
        accounts.push(account(flash, number)?);
    }
    let servers = flash.text("DmGlobal.0.NtpServer").unwrap_or_default();
    Ok(Report {
        accounts,
        ntp: servers.split(',').filter(|server| !server.is_empty()).map(str::to_owned).collect(),
        time: time(flash)?,
        admin_password: flash.text("WebUIAccounts.1.Password"),
        provisioning: flash.text("Provisioning.global.ProvisioningServer"),
        ..Report::default()
    })
}

/// The zone has its rules with it.
fn time(flash: &Flash) -> Outcome<Option<Time>> {
    let zone = flash.text("DmGlobal.0.TimeZone");
    zone.map(|zone| Ok(Time { offset: zone::in_winter(&zone)?, zone: Some(zone), dst: Dst::Automatic })).transpose()
}

fn account(flash: &Flash, number: u32) -> Outcome<Account> {
    let own = |name: &str| format!("SipAccount.{number:05}.{name}");
    let provider: u32 = flash.number(&own("ProviderId"))?.ok_or_else(|| format!("{}: a handset without a provider", own("ProviderId")))?;
    if provider >= PROVIDERS {
        return Err(format!("{}: {provider} of {PROVIDERS}", own("ProviderId")));
    }
    let prefix = format!("SipProvider.{provider}.");
    let at = |name: &str| format!("{prefix}{name}");
    let need = |name: String| flash.text(&name).ok_or_else(|| format!("{name}: missing"));
    let registrar = server(flash, &prefix, "RegServerAddress", "RegServerPort")?.ok_or_else(|| format!("{prefix}: no registrar"))?;
    let proxy = server(flash, &prefix, "OutboundProxyAddress", "OutboundProxyPort")?;
    let failover = server(flash, &prefix, "FailoverServerAddress", "FailoverServerPort")?;
    let has_failover = flash.flag(&at("FailoverServerEnabled"))? == Some(true);
    let has_mailbox = flash.flag(&own("VoiceMailActive"))? == Some(true);
    Ok(Account {
        number,
        label: None,
        display_name: flash.text(&own("DisplayName")),
        user: need(own("UserName"))?,
        auth_user: flash.text(&own("AuthName")),
        password: flash.text(&own("AuthPassword")),
        ha1: None,
        domain: need(at("Domain"))?,
        server: registrar,
        backups: failover.filter(|_| has_failover).into_iter().collect(),
        transport: flash.word(&at("TransportProtocol"), TRANSPORTS)?.unwrap_or("udp"),
        dns_mode: None,
        outbound_proxy: outbound_proxy(flash, &at("OutboundProxyMode"), proxy)?,
        registers: true,
        expires: flash.number(&at("RegServerRefreshTimer"))?,
        voicemail: flash.text(&own("VoiceMailMailbox")).filter(|_| has_mailbox),
        shared: "off",
        srtp: srtp(flash, &at("SRTP_Enabled"), &at("AcceptNonSRTPCalls"))?,
        codecs: Vec::new(),
        dtmf: dtmf(flash, &at("DTMFTransmission"))?,
        uses_stun: false,
    })
}

const TRANSPORTS: Words = &[("1", "udp"), ("2", "tcp"), ("3", "tls")];
