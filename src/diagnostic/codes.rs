//! Every kind of finding: its stable name, its default severity and its long text.

use super::Severity::{self, Error, Note, Warning};

/// The stable name of a kind of finding, such as `device::duplicate-id`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code(&'static Entry);

#[derive(PartialEq, Eq)]
struct Entry {
    name: &'static str,
    severity: Severity,
    text: &'static str,
}

macro_rules! codes {
    ($($ident:ident $name:literal $severity:ident $text:literal)*) => {
        impl Code {
            $(#[doc = $text] pub const $ident: Code = Code(&Entry { name: $name, severity: $severity, text: $text });)*
        }
        /// All kinds, by name.
        pub const ALL: &[Code] = &[$(Code::$ident),*];
    };
}

codes! {
    CUSTOMER_UNKNOWN "customer::unknown" Error ""
    DEVICE_ACTIVATION_BEFORE_REQUEST "device::activation-before-request" Error ""
    DEVICE_BAD_IMEI "device::bad-imei" Error ""
    DEVICE_BAD_MAC "device::bad-mac" Error ""
    DEVICE_BAD_UUID "device::bad-uuid" Error ""
    DEVICE_DUPLICATE_ID "device::duplicate-id" Error ""
    DEVICE_ID_IN_TWO_KINDS "device::id-in-two-kinds" Error ""
    DEVICE_IDENTITY_KIND "device::identity-kind" Error ""
    DEVICE_NO_CUSTOMER "device::no-customer" Error ""
    DEVICE_NO_IDENTIFIER "device::no-identifier" Error ""
    DEVICE_OUI_MISMATCH "device::oui-mismatch" Warning ""
    DEVICE_RESERVED_MAC "device::reserved-mac" Error ""
    DEVICE_SEVERAL_IDENTIFIERS "device::several-identifiers" Error ""
    DEVICE_UNKNOWN_MODEL "device::unknown-model" Error ""
    EXTENSION_UNKNOWN "extension::unknown" Error ""
    EXTENSION_UNUSED "extension::unused" Note ""
    FILE_BAD_NAME "file::bad-name" Error ""
    FILE_NOT_REGULAR "file::not-regular" Error ""
    FILE_NOT_UTF8 "file::not-utf8" Error ""
    FILE_SYMLINK_ESCAPE "file::symlink-escape" Error ""
    FILE_TOO_LARGE "file::too-large" Error ""
    FILE_UNREADABLE "file::unreadable" Error ""
    FILE_UNUSED "file::unused" Warning ""
    FIRMWARE_UNKNOWN "firmware::unknown" Error ""
    FLEET_EMPTY "fleet::empty" Warning ""
    FORMAT_CANNOT_CARRY "format::cannot-carry" Error ""
    KEY_BEYOND_MODEL "key::beyond-model" Error ""
    KEY_DUPLICATE_POSITION "key::duplicate-position" Error ""
    KEY_MODULE_BEYOND_MODEL "key::module-beyond-model" Error ""
    KEY_UNKNOWN_LINE "key::unknown-line" Error ""
    KEY_UNSUPPORTED_TYPE "key::unsupported-type" Error ""
    LINE_BEYOND_MODEL "line::beyond-model" Error ""
    LINE_DUPLICATE_NUMBER "line::duplicate-number" Error ""
    LINE_NO_SERVER "line::no-server" Error ""
    LINE_NO_USER "line::no-user" Error ""
    LINE_ZERO "line::zero" Error ""
    NET_BAD_DSCP "net::bad-dscp" Error ""
    NET_BAD_PORT "net::bad-port" Error ""
    NET_BAD_VLAN "net::bad-vlan" Error ""
    OUTPUT_CASE_COLLISION "output::case-collision" Error ""
    OUTPUT_FOREIGN_FILE "output::foreign-file" Error ""
    OUTPUT_PATH_COLLISION "output::path-collision" Error ""
    PACKAGE_UNKNOWN "package::unknown" Error ""
    PART_BEYOND_MODEL "part::beyond-model" Error ""
    PHONEBOOK_BAD_CSV "phonebook::bad-csv" Error ""
    PHONEBOOK_BAD_VCARD "phonebook::bad-vcard" Error ""
    PHONEBOOK_CONTACT_WITHOUT_NUMBER "phonebook::contact-without-number" Warning ""
    PHONEBOOK_OVER_LIMIT "phonebook::over-limit" Warning ""
    PHONEBOOK_UNKNOWN "phonebook::unknown" Error ""
    RAW_UNKNOWN_PARAMETER "raw::unknown-parameter" Warning ""
    SECRET_DEMO_KEY "secret::demo-key" Note ""
    SECRET_EXPOSED "secret::exposed" Error ""
    SECRET_IN_CLEAR "secret::in-clear" Error ""
    SECRET_SAME_AS_EXTENSION "secret::same-as-extension" Error ""
    SECRET_WEAK "secret::weak" Error ""
    SETTING_IGNORED "setting::ignored" Warning ""
    SETTING_READ_ONLY "setting::read-only" Error ""
    SIP_STUN_WITHOUT_HOST "sip::stun-without-host" Error ""
    TEMPLATE_ERROR "template::error" Error ""
    TEXT_HOSTILE "text::hostile" Error ""
    TIME_UNKNOWN_ZONE "time::unknown-zone" Error ""
    TOML_MISSING_KEY "toml::missing-key" Error ""
    TOML_SYNTAX "toml::syntax" Error ""
    TOML_UNKNOWN_KEY "toml::unknown-key" Error ""
    TOML_WRONG_TYPE "toml::wrong-type" Error ""
    VALUE_INVALID "value::invalid" Error ""
    VALUE_NOT_ONE_OF "value::not-one-of" Error ""
    VALUE_OUT_OF_RANGE "value::out-of-range" Error ""
    VALUE_TOO_LONG "value::too-long" Error ""
    VENDOR_BAD_PACK "vendor::bad-pack" Error ""
    VENDOR_LINES_DIFFER "vendor::lines-differ" Error ""
    VENDOR_UNSPELLABLE "vendor::unspellable" Error ""
}

impl Code {
    /// The name, `area::what`.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// The severity where nobody overrides it.
    pub fn severity(self) -> Severity {
        self.0.severity
    }

    /// What `sipress explain CODE` prints: what it means, why it matters, what to do.
    pub fn text(self) -> &'static str {
        self.0.text
    }

    /// The kind of this name.
    pub fn find(name: &str) -> Option<Code> {
        ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> serde::Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Code::find(&name).ok_or_else(|| serde::de::Error::custom("unknown code"))
    }
}
