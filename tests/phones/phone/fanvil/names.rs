//! Where the XML form has what the first generation calls by a name in a module.

/// The path of a parameter; none for what this phone does not look at.
pub fn path(module: &str, name: &str) -> Option<String> {
    let mut names = NAMES.iter().filter(|(known, ..)| *known == module);
    names.find_map(|(_, told, path)| match told.split_once("{n}") {
        None => (*told == name).then(|| (*path).to_owned()),
        Some((before, after)) => number(name, before, after).map(|number| path.replace("{n}", number)),
    })
}

fn number<'n>(name: &'n str, before: &str, after: &str) -> Option<&'n str> {
    let number = name.strip_prefix(before)?.strip_suffix(after)?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
}

const GLOBAL: &str = "GLOBAL CONFIG MODULE";
const DSP: &str = "DSP CONFIG MODULE";
const SIP: &str = "SIP CONFIG MODULE";
const PHONE: &str = "PHONE CONFIG MODULE";
const MMI: &str = "MMI CONFIG MODULE";
const UPDATE: &str = "AUTOUPDATE CONFIG MODULE";

const NAMES: &[(&str, &str, &str)] = &[
    (GLOBAL, "Enable SNTP", "phone/date/EnableSNTP"),
    (GLOBAL, "SNTP Server", "phone/date/SNTPServer"),
    (GLOBAL, "Second SNTP Server", "phone/date/SecondSNTPServer"),
    (GLOBAL, "Time Zone", "phone/date/TimeZone"),
    (GLOBAL, "Time Zone Name", "phone/date/TimeZoneName"),
    (GLOBAL, "Enable DST", "phone/date/EnableDST"),
    (GLOBAL, "DST Fixed Type", "phone/date/DSTFixedType"),
    (GLOBAL, "DST Min Offset", "phone/date/DSTMinOffset"),
    (GLOBAL, "DST Start Mon", "phone/date/DSTStartMon"),
    (GLOBAL, "DST Start Week", "phone/date/DSTStartWeek"),
    (GLOBAL, "DST Start Wday", "phone/date/DSTStartWday"),
    (GLOBAL, "DST Start Hour", "phone/date/DSTStartHour"),
    (GLOBAL, "DST End Mon", "phone/date/DSTEndMon"),
    (GLOBAL, "DST End Week", "phone/date/DSTEndWeek"),
    (GLOBAL, "DST End Wday", "phone/date/DSTEndWday"),
    (GLOBAL, "DST End Hour", "phone/date/DSTEndHour"),
    (GLOBAL, "Language", "phone/display/DefaultLanguage"),
    (DSP, "P1 Voice Codec{n}", "mm/capability/VoiceCodec/{n}"),
    (SIP, "STUN Server", "sip/STUNServer"),
    (SIP, "STUN Port", "sip/STUNPort"),
    (SIP, "SIP{n} Enable Reg", "sip/line/{n}/EnableReg"),
    (SIP, "SIP{n} Phone Number", "sip/line/{n}/PhoneNumber"),
    (SIP, "SIP{n} Display Name", "sip/line/{n}/DisplayName"),
    (SIP, "SIP{n} Register Addr", "sip/line/{n}/RegisterAddr"),
    (SIP, "SIP{n} Register Port", "sip/line/{n}/RegisterPort"),
    (SIP, "SIP{n} Register User", "sip/line/{n}/RegisterUser"),
    (SIP, "SIP{n} Register Pswd", "sip/line/{n}/RegisterPswd"),
    (SIP, "SIP{n} Register TTL", "sip/line/{n}/RegisterTTL"),
    (SIP, "SIP{n} Backup Addr", "sip/line/{n}/BackupAddr"),
    (SIP, "SIP{n} Backup Port", "sip/line/{n}/BackupPort"),
    (SIP, "SIP{n} Backup Transpo", "sip/line/{n}/BackupTransport"),
    (SIP, "SIP{n} Proxy Addr", "sip/line/{n}/ProxyAddr"),
    (SIP, "SIP{n} Proxy Port", "sip/line/{n}/ProxyPort"),
    (SIP, "SIP{n} Local Domain", "sip/line/{n}/LocalDomain"),
    (SIP, "SIP{n} Transport", "sip/line/{n}/Transport"),
    (SIP, "SIP{n} DNS SRV", "sip/line/{n}/DNSSRV"),
    (SIP, "SIP{n} DNS Mode", "sip/line/{n}/DNSMode"),
    (SIP, "SIP{n} Media Crypto", "sip/line/{n}/MediaCrypto"),
    (SIP, "SIP{n} DTMF Mode", "sip/line/{n}/DTMFMode"),
    (SIP, "SIP{n} MWI Num", "sip/line/{n}/MWINum"),
    (SIP, "SIP{n} VoiceCodecMap", "sip/line/{n}/VoiceCodecMap"),
    (SIP, "SIP{n} Enable SCA", "sip/line/{n}/EnableSCA"),
    (SIP, "SIP{n} NAT Type", "sip/line/{n}/NATType"),
    (PHONE, "Menu Password", "phone/MenuPassword"),
    (PHONE, "XML-PBook{n} Addr", "phone/xmlContact/{n}/Addr"),
    (PHONE, "Fkey{n} Type", "dsskey/internal/1/Fkey/{n}/Type"),
    (PHONE, "Fkey{n} Value", "dsskey/internal/1/Fkey/{n}/Value"),
    (PHONE, "Fkey{n} Title", "dsskey/internal/1/Fkey/{n}/Title"),
    (PHONE, "SoftFkey{n} Type", "dsskey/dssSoft/{n}/Type"),
    (PHONE, "SoftFkey{n} Value", "dsskey/dssSoft/{n}/Value"),
    (PHONE, "SoftFkey{n} Title", "dsskey/dssSoft/{n}/Title"),
    (MMI, "Account{n} Name", "web/account/{n}/Name"),
    (MMI, "Account{n} Password", "web/account/{n}/Password"),
    (MMI, "Account{n} Level", "web/account/{n}/Level"),
    (UPDATE, "Download CommonConf", "ap/DownloadCommonConf"),
    (UPDATE, "Download Server IP", "ap/FlashServerIP"),
    (UPDATE, "Config File Name", "ap/FlashFileName"),
    (UPDATE, "Download Protocol", "ap/FlashProtocol"),
    (UPDATE, "Download Mode", "ap/FlashMode"),
];

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_name_counts_in_its_own_module() {
        assert_eq!(path("SIP CONFIG MODULE", "SIP12 MWI Num").as_deref(), Some("sip/line/12/MWINum"));
        assert_eq!(path("PHONE CONFIG MODULE", "SoftFkey4 Type").as_deref(), Some("dsskey/dssSoft/4/Type"));
        assert_eq!(path("PHONE CONFIG MODULE", "SIP1 MWI Num"), None);
        assert_eq!(path("SIP CONFIG MODULE", "SIP MWI Num"), None);
    }
}
