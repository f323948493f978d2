//! One fact of an account: its item and its P-code on each of six accounts.

use super::super::Outcome;
use super::super::flash::Flash;
use super::super::words::{Words, word};

pub struct Spelling {
    /// With `N` for the account.
    item: &'static str,
    codes: [u16; 6],
}

const fn account(item: &'static str, codes: [u16; 6]) -> Spelling {
    Spelling { item, codes }
}

pub const ENABLE: Spelling = account("account.N.enable", [271, 401, 501, 601, 1701, 1801]);
pub const LABEL: Spelling = account("account.N.name", [270, 417, 517, 617, 1717, 1817]);
pub const SERVER: Spelling = account("account.N.sip.server.1.address", [47, 402, 502, 602, 1702, 1802]);
pub const SECOND_SERVER: Spelling = account("account.N.sip.server.2.address", [2312, 2412, 2512, 2612, 2712, 2812]);
pub const PROXY: Spelling = account("account.N.sip.outboundProxy.1.address", [48, 403, 503, 603, 1703, 1803]);
pub const USER: Spelling = account("account.N.sip.userid", [35, 404, 504, 604, 1704, 1804]);
pub const AUTH_USER: Spelling = account("account.N.sip.subscriber.userId", [36, 405, 505, 605, 1705, 1805]);
pub const AUTH_USER_LOWER: Spelling = account("account.N.sip.subscriber.userid", [36, 405, 505, 605, 1705, 1805]);
pub const PASSWORD: Spelling = account("account.N.sip.subscriber.password", [34, 406, 506, 606, 1706, 1806]);
pub const DISPLAY_NAME: Spelling = account("account.N.sip.subscriber.name", [3, 407, 507, 607, 1707, 1807]);
pub const VOICEMAIL: Spelling = account("account.N.sip.voicemail.number", [33, 426, 526, 626, 1726, 1826]);
pub const TRANSPORT: Spelling = account("account.N.sip.transport", [130, 448, 548, 648, 1748, 1848]);
pub const REGISTERS: Spelling = account("account.N.sip.registration", [31, 410, 510, 610, 1710, 1810]);
pub const EXPIRES: Spelling = account("account.N.sip.registerExpiration", [32, 412, 512, 612, 1712, 1812]);
pub const NAT: Spelling = account("account.N.network.natTraversal", [52, 414, 514, 614, 1714, 1814]);
pub const DNS_MODE: Spelling = account("account.N.network.dnsMode", [103, 408, 508, 608, 1708, 1808]);
pub const DTMF: Spelling = account("account.N.dtmf", [73, 416, 516, 616, 1716, 1816]);
pub const DTMF_AUDIO: Spelling = account("account.N.dtmf.sendInAudio", [2301, 2401, 2501, 2601, 2701, 2801]);
pub const DTMF_RTP: Spelling = account("account.N.dtmf.sendInRtp", [2302, 2402, 2502, 2602, 2702, 2802]);
pub const DTMF_INFO: Spelling = account("account.N.dtmf.sendInSip", [2303, 2403, 2503, 2603, 2703, 2803]);
pub const SRTP: Spelling = account("account.N.audio.srtpMode", [183, 443, 543, 643, 1743, 1843]);
pub const PICKUP: Spelling = account("account.N.sip.blf.callPickup.prefix", [1347, 481, 581, 681, 1781, 1881]);

/// Eight slots, in order of preference.
pub const CODECS: [Spelling; 8] = [
    account("account.N.codec.choice/1", [57, 451, 551, 651, 1751, 1851]),
    account("account.N.codec.choice/2", [58, 452, 552, 652, 1752, 1852]),
    account("account.N.codec.choice/3", [59, 453, 553, 653, 1753, 1853]),
    account("account.N.codec.choice/4", [60, 454, 554, 654, 1754, 1854]),
    account("account.N.codec.choice/5", [61, 455, 555, 655, 1755, 1855]),
    account("account.N.codec.choice/6", [62, 456, 556, 656, 1756, 1856]),
    account("account.N.codec.choice/7", [46, 457, 557, 657, 1757, 1857]),
    account("account.N.codec.choice/8", [98, 458, 558, 658, 1758, 1858]),
];

/// The ports of an adapter: P-codes only.
pub mod port {
    pub const USER: [u16; 2] = [35, 735];
    pub const AUTH_USER: [u16; 2] = [36, 736];
    pub const PASSWORD: [u16; 2] = [34, 734];
    pub const DISPLAY_NAME: [u16; 2] = [3, 703];
    pub const SERVER: [u16; 2] = [47, 747];
    pub const PROXY: [u16; 2] = [48, 748];
    pub const REGISTERS: [u16; 2] = [31, 731];
    pub const EXPIRES: [u16; 2] = [32, 732];
    pub const TRANSPORT: [u16; 2] = [130, 830];
    pub const NAT: [u16; 2] = [52, 730];
    pub const CODECS: [[u16; 2]; 6] = [[57, 757], [58, 758], [59, 759], [60, 760], [61, 761], [62, 762]];
}

impl Spelling {
    /// The name under which the phone knows the value: the item where a file told it, else the P-code.
    pub fn name(&self, flash: &Flash, number: u32) -> String {
        let item = self.item.replace('N', &number.to_string());
        let dotted = item.replace('/', ".");
        match self.codes.get(number as usize - 1) {
            _ if flash.knows(&item) => item,
            _ if flash.knows(&dotted) => dotted,
            Some(code) => format!("P{code}"),
            None => item,
        }
    }

    pub fn knows(&self, flash: &Flash, number: u32) -> bool {
        flash.knows(&self.name(flash, number))
    }

    pub fn text(&self, flash: &Flash, number: u32) -> Option<String> {
        flash.text(&self.name(flash, number))
    }

    pub fn word(&self, flash: &Flash, number: u32, words: Words) -> Outcome<Option<&'static str>> {
        let name = self.name(flash, number);
        flash.text(&name).map(|value| word(&name, &value, words)).transpose()
    }

    pub fn flag(&self, flash: &Flash, number: u32) -> Outcome<Option<bool>> {
        let told = self.word(flash, number, &[("1", "on"), ("Yes", "on"), ("0", "off"), ("No", "off")])?;
        Ok(told.map(|word| word == "on"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_goes_before_its_p_code() {
        let mut flash = Flash::default();
        assert_eq!(USER.name(&flash, 5), "P1704");
        assert_eq!(USER.name(&flash, 7), "account.7.sip.userid", "from the seventh account on there are items only");
        flash.set("account.5.sip.userid", "x");
        assert_eq!(USER.name(&flash, 5), "account.5.sip.userid");
        flash.set("account.1.codec.choice.2", "PCMU");
        assert_eq!(CODECS[1].name(&flash, 1), "account.1.codec.choice.2");
    }
}
