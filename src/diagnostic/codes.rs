//! Every kind of finding: its stable name, its default severity and its long text.

use super::Severity::{self, Error, Note, Warning};

/// The stable name of a kind of finding, such as `device::duplicate-id`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code(&'static Entry);

#[derive(PartialEq, Eq)]
struct Entry {
    name: &'static str,
    severity: Severity,
    summary: &'static str,
    text: &'static str,
}

macro_rules! codes {
    ($($ident:ident $name:literal $severity:ident $summary:literal $text:literal)*) => {
        impl Code {
            $(
                #[doc = $summary]
                pub const $ident: Code = Code(&Entry {
                    name: $name,
                    severity: $severity,
                    summary: $summary,
                    text: concat!($summary, $text),
                });
            )*
        }
        /// All kinds, by name.
        pub const ALL: &[Code] = &[$(Code::$ident),*];
    };
}

codes! {
    ASSET_MISSING "asset::missing" Error "A setting names a picture or a ring that is not there." r#"
The phone would be sent to a file that nobody serves. The path begins in the folder of the file that names it:
    # devices/acme/customer.toml
    [defaults.ui]
    wallpaper = "brand/lobby.png"        # devices/acme/brand/lobby.png
Only files of the same customer, or of folders that are no customer's, can be named; names that begin with `.` or `_` are skipped."#

    ASSET_UNFIT "asset::unfit" Error "A picture or a ring is beyond what the model takes." r#"
Pictures are scaled and converted, rings are not: the message says what the phone plays. Phones refuse a file that is too large or in another coding, most of them without a word.
Convert it, for instance with `sox ring.wav -r 8000 -c 1 -e mu-law out.wav`, or give the model another one:
    [defaults.model."yealink/t54w"]
    ui.ringtone_files = ["rings/short.wav"]"#

    ASSET_UNKNOWN_LIMITS "asset::unknown-limits" Warning "No public source tells what pictures or rings the model takes." r#"
The file is served as it is; the phone may show nothing. Try it, and write down what works in the `models.toml` of a pack of your own:
    # vendors/acme-phones/models.toml
    [model.x1]
    screen = "320x240"
    assets = { wallpaper = { formats = ["jpg"], max_bytes = 100000 } }"#

    ASSET_UNREADABLE "asset::unreadable" Error "A picture or a ring is damaged, or is not what its name says." r"
Sipress reads PNG, JPEG and BMP of up to 8192 pixels a side, and WAV. Open the file in another program and save it again."

    CUSTOMER_UNKNOWN "customer::unknown" Error "A device or a command names a customer that the fleet does not have." r"
A customer is a folder below `devices/` that holds a `customer.toml`; its name is the folder's path, such as `acme` or `northwind/bakery`.
Without it nobody owns the phone, so it would get no accounts and nobody would be billed for it.
Correct the name, or add the folder with its `customer.toml`."

    DEVICE_ACTIVATION_BEFORE_REQUEST "device::activation-before-request" Error "The day on which the device goes live lies before the day on which it was ordered." r"
Until `activate` a phone gets a configuration with no accounts, and rental is billed from that day on.
A date before `requested` is nearly always a wrong year or a swapped month and day.
    requested = 2026-11-20
    activate  = 2026-12-01"

    DEVICE_BAD_IMEI "device::bad-imei" Error "The IMEI is not one: it needs 15 digits, the last of which is a check digit." r#"
The identifier names the device's files and its passwords are derived from it, so a wrong digit makes files that no device asks for.
Copy it again from the device (dial *#06#) or from its label. Spaces and dashes may stay; a 16th digit is the software version (IMEISV) and has to go.
    imei = "490154203237518""#

    DEVICE_BAD_MAC "device::bad-mac" Error "The MAC address is not one: it needs twelve hexadecimal digits." r#"
A phone asks for files that bear its MAC address; with a wrong one it finds none and stays silent.
Copy it again from the label. Any usual spelling will do:
    mac = "80:5e:c0:12:34:56"     # or "805EC0123456", "805e.c012.3456", "80-5E-C0-12-34-56"
The letter O and the digit 0 are the usual mistake."#

    DEVICE_BAD_UUID "device::bad-uuid" Error "The UUID is not one: it needs 32 hexadecimal digits in groups of 8-4-4-4-12." r#"
Soft clients are keyed by a UUID; it names their files, and their passwords are derived from it.
Any UUID will do as long as it is used once and never changed; `uuidgen` makes one.
    uuid = "3f2b8c1e-5d0a-4c57-9a1e-7b6f0d2c4e11""#

    DEVICE_DUPLICATE_ID "device::duplicate-id" Error "Two devices have the same identifier." r"
The identifier names a device's files. With two devices of one name, one would overwrite the other, and which of them would be chance.
Often it is a phone that moved: delete the old entry.
Spelling does not matter: `80:5e:c0:12:34:56` and `805EC0123456` are the same phone."

    DEVICE_ID_IN_TWO_KINDS "device::id-in-two-kinds" Error "The same identifier is used by devices of two kinds." r"
A MAC, an IMEI and a UUID may be written with the same digits; as names of files and in reports they would then be one.
One of the two is nearly always under the wrong key: move it from `uuid` to `mac`, or the other way round."

    DEVICE_IDENTITY_KIND "device::identity-kind" Error "The device is keyed by something that its model does not have." r"
Desk phones ask for their files by MAC address, cellular devices by IMEI, soft clients by UUID.
A phone that is keyed by the wrong kind never finds its files.
Write the identifier that the model goes by, or correct `model`."

    DEVICE_NO_CUSTOMER "device::no-customer" Error "An active device lies where no customer owns it." r#"
A device belongs to the customer whose `customer.toml` is in its folder or the nearest above; with none there are no accounts to give it.
Move the file below a customer, or say that the device waits for one:
    status = "stock""#

    DEVICE_NO_IDENTIFIER "device::no-identifier" Error "The device has no identifier." r#"
Every device needs exactly one of `mac`, `imei` and `uuid`: it names the files that the phone asks for.
    mac = "80:5e:c0:12:34:56"
    model = "vendor/model""#

    DEVICE_OUI_MISMATCH "device::oui-mismatch" Warning "The MAC address begins with digits that this vendor does not use." r"
The first six digits say who made the phone. Another maker's digits mean that the MAC address or the model is wrong: the phone would ask for files of another name or syntax.
Compare both with the label. Where the maker has bought a new range, add it to the vendor pack's `ouis`, or allow this finding."

    DEVICE_RESERVED_MAC "device::reserved-mac" Error "The MAC address is one that no phone can have." r"
All zeros, all ones, group addresses and addresses kept for documentation are placeholders, and some phones answer to them all at once.
Write the address on the phone's label, or keep the device out of the fleet until it is known."

    DEVICE_SEVERAL_IDENTIFIERS "device::several-identifiers" Error "The device has more than one identifier." r"
Exactly one of `mac`, `imei` and `uuid` keys a device; with two it would have two names and two sets of passwords.
Keep the one that the model goes by. Other numbers can stay as `serial` or `inventory`."

    DEVICE_UNKNOWN_MODEL "device::unknown-model" Error "No vendor pack knows this model." r#"
The model decides which files the phone gets, in which syntax, and what it can do; without it nothing can be written.
    model = "vendor/model"
`sipress vendors` lists all models with their other spellings. A new one is a row in a vendor pack, also in the fleet's own `vendors/`."#

    EXTENSION_TWICE "extension::twice" Error "Two files of a customer define the same extension." r"
Which of them would count is a matter of chance, and with it the name, the number that is shown and the password.
An extension is a user of the customer, defined once: put it into one extensions.toml, and what differs by phone into that phone's line."

    EXTENSION_UNKNOWN "extension::unknown" Error "A line names an extension that the customer does not have." r#"
The extension carries the line's name, number and account; without it the line cannot register.
Extensions are defined once a customer, in the `extensions.toml` beside its `customer.toml`:
    [101]
    name = "Ann Lee"
A line with an account of its own has `user` in the place of `extension`."#

    EXTENSION_UNUSED "extension::unused" Note "No line uses this extension." r"
Nothing is wrong with it: somebody may have only voicemail, or their phone comes next week.
Where a person has left, remove the extension, so that its account can be closed."

    FILE_BAD_NAME "file::bad-name" Error "The name of a file or folder cannot be used." r"
Folders of customers become parts of paths, and these end up in URLs, in reports and on case-insensitive disks.
Letters, digits, `-`, `_` and `.` are safe everywhere; a name may not begin with `-` or end with `.`, and a few names are reserved by operating systems.
Rename it, or let it begin with `_` where sipress should skip it."

    FILE_NOT_REGULAR "file::not-regular" Error "Something in the fleet is neither a file nor a folder." r"
Pipes, sockets and devices never end or never begin; reading one could hang the build.
Remove it, or let its name begin with `.` or `_` so that it is skipped."

    FILE_NOT_UTF8 "file::not-utf8" Error "The file is not UTF-8." r"
In another encoding names turn into other names on the phones' screens, so sipress does not guess.
Save the file as UTF-8; a byte order mark and CRLF line ends are fine. `iconv -f WINDOWS-1252 -t UTF-8` does it for most old files."

    FILE_SYMLINK_ESCAPE "file::symlink-escape" Error "A symbolic link leads out of the fleet." r"
A link to a place outside could put a file of the build machine, with its secrets, into what phones can fetch.
Copy the file into the fleet, or link to something below the root."

    FILE_TOO_LARGE "file::too-large" Error "The file is larger than sipress reads." r"
A fleet's files are small; a huge one is a mistake or an attack, and would make every build slow.
Split it: devices may lie in any number of files and folders. Data that is not for sipress can go where a name begins with `_`."

    FILE_UNREADABLE "file::unreadable" Error "The file cannot be read." r"
What cannot be read might define devices. A build without them would take their configuration away, so it stops.
Look at the permissions and the disk, and at dangling symbolic links."

    FILE_UNUSED "file::unused" Warning "sipress does not use this file." r"
Only the reserved names, other `*.toml` (devices), phonebooks and templates that something names are read; this file changes nothing on any phone.
It may be a misspelt name, such as `customers.toml`. Correct it, remove it, or let the name begin with `_` to keep it for people."

    FIRMWARE_OUT_OF_RANGE "firmware::out-of-range" Warning "The maker has no such firmware version for the model." r"
The names and values of parameters differ by version, and a version that never was is likely another model's.
Pin one that the maker publishes for this model, or leave the pin out."

    FIRMWARE_UNKNOWN "firmware::unknown" Error "The firmware that is asked for is not in `firmware.toml`." r#"
A phone is sent to a URL for its firmware and compares a checksum; both come from the catalogue.
    [[firmware]]
    model = "vendor/model"
    version = "1.2.3"
    url = "https://fw.example.net/1.2.3.rom"
Correct the version, or add it to the catalogue."#

    FLEET_EMPTY "fleet::empty" Warning "The fleet has no devices." r"
The build would write nothing. Where a site was published before, that would take every phone's files away.
Look whether `--root` is the right folder and whether names begin with `.` or `_`, which are skipped. `sipress init` shows what a first device looks like."

    FORMAT_CANNOT_CARRY "format::cannot-carry" Error "The phone's file format has no way to write this value." r"
Some formats cannot hold a line break, a quote or a certain separator, and have no escape for it; written anyway it would end the value early and begin another setting.
Take the character out of the value. The message names the file, the setting and where the value comes from."

    KEY_BEYOND_MODEL "key::beyond-model" Error "The phone has no key at this position." r"
A key beyond the last would be ignored by the phone, and its owner would look for it in vain.
Use a free position, put the key on an expansion module (`module = 1`) where the phone can have one, or take a model with more keys."

    KEY_DUPLICATE_POSITION "key::duplicate-position" Error "Two keys want the same place." r"
A place holds one key; the phone would keep one of the two, and which depends on its firmware.
Give one of them another `position`, or leave `position` out: keys without one fill the free places in order."

    KEY_LOCKED "key::locked" Error "A device puts a key where a layout has locked one." r#"
Somebody decided that this key is the same on every phone that takes the layout.
Give the device's key another position, or take `locked = true` away from the layout's:
    [[layouts.sales]]
    position = 1
    type = "blf"
    value = "100"
    locked = true"#

    KEY_MODULE_BEYOND_MODEL "key::module-beyond-model" Error "The phone cannot have this expansion module." r"
Models take a fixed number of modules, and some take none; the keys on it would not exist.
Lower `module`, or take a model that has room for it."

    KEY_UNKNOWN_LAYOUT "key::unknown-layout" Error "A device takes a layout that no scope above it has." r#"
A layout is a named list of keys in fleet.toml, msp.toml, customer.toml or site.toml; the nearest one of that name counts.
    [[layouts.sales]]
    type = "blf"
    extensions = ["group:Sales"]
and in a device, or as key.layout_ref in [defaults]:
    layouts = ["sales"]"#

    KEY_UNKNOWN_LINE "key::unknown-line" Error "A key uses a line that the device does not have." r#"
A key with a line that is not there is dark and does nothing, or takes the first account instead.
    [[key]]
    type = "blf"
    value = "102"
    line = 1          # one of the numbers of [[line]]"#

    KEY_UNSUPPORTED_TYPE "key::unsupported-type" Error "The phone has no keys of this type." r"
The key would be left blank, or the phone would show its own default in its place.
The message lists the types that the model has; `sipress vendors --matrix` shows all. Choose one of them, or move the key to an area that can do it."

    LINE_BEYOND_MODEL "line::beyond-model" Error "The phone has fewer lines than this one's number." r"
A phone ignores accounts beyond its last: the line would never register, and nobody would be told.
    [[line]]
    number = 3        # on a phone with 2 lines
Put the account on another phone or use a model with more lines."

    LINE_DUPLICATE_NUMBER "line::duplicate-number" Error "Two lines have the same number." r"
The number is the account's place on the phone; one place holds one account.
Give one of them another `number`. The same account in two places is fine as long as the numbers differ."

    LINE_NO_SERVER "line::no-server" Error "The line has no server to register at." r#"
Without a registrar a phone has nowhere to go. It is mostly set once, for a customer or for the whole fleet:
    [defaults.line]
    registrar = { host = "sip.example.net", port = 5060 }"#

    LINE_NO_USER "line::no-user" Error "The line has neither an extension nor a user." r#"
The user part of the address is what the phone registers as; without it there is no account.
    [[line]]
    extension = "101"     # defined in extensions.toml
or, for an account of its own:
    [[line]]
    user = "200""#

    LINE_TOO_MANY_SERVERS "line::too-many-servers" Error "The lines of the device need more server entries than its model has." r#"
Some phones keep servers in a list of their own that lines point to: a base with 10 handsets may have 10 of them, an ATA with 8 ports
only 2. Lines that agree in their servers and in all that stands beside them in that list share an entry.
The message names the settings. Give the lines the same values, best in a scope's defaults:
    [defaults.line]
    registrar = { host = "sip.example.net" }"#

    LINE_UNSUPPORTED_TRANSPORT "line::unsupported-transport" Error "The model does not speak this SIP transport." r"
A phone that is told a transport it does not know falls back to UDP, or registers nowhere.
Choose one that the message lists, for this line or for all devices of the model:
    [defaults.model.VENDOR/MODEL.line]
    transport = udp"

    LINE_ZERO "line::zero" Error "Line numbers begin at 1." r"
Vendors disagree whether the first account is 0 or 1; in a fleet it is 1 for all, and the vendor pack converts.
    [[line]]
    number = 1"

    NET_BAD_DSCP "net::bad-dscp" Error "The DSCP value is not between 0 and 63." r"
DSCP marks packets for priority in six bits. Larger numbers are mostly a TOS byte, which is four times the DSCP value: TOS 184 is DSCP 46.
Usual are 46 (EF) for voice and 26 (AF31) or 24 (CS3) for signalling."

    NET_BAD_PORT "net::bad-port" Error "The port is not between 1 and 65535, or a range of ports is upside down." r"
A phone that is given such a port takes its own default, and the firewall drops it.
Give a range with the smaller port first; for RTP an even one."

    NET_BAD_VLAN "net::bad-vlan" Error "The VLAN number is not between 1 and 4094." r"
0 and 4095 are reserved. A phone in the wrong VLAN gets no address, and so cannot fetch the correction either.
    [defaults.net]
    vlan = { voice = { id = 20 } }
Leave it out, or write `{ unset = true }`, for no tag."

    OUTPUT_CASE_COLLISION "output::case-collision" Error "Two output files differ only in upper and lower case." r"
Some disks and servers treat them as one; there one phone would get the other's file.
The message names both devices. Rename the customer, or the file in the fleet's own vendor pack or template."

    OUTPUT_FOREIGN_FILE "output::foreign-file" Error "The output folder has a file that sipress did not write." r"
sipress never deletes or overwrites what is not its own, and everything in the site is served to the world.
Move the file elsewhere, or give `--out` an empty folder."

    OUTPUT_PATH_COLLISION "output::path-collision" Error "Two devices want to write the same file with different content." r#"
One phone would get the other's configuration, accounts and passwords included.
It mostly comes from `layout = "flat"` together with a file that is named after a model, or from a template with a fixed name. Use a layout with a folder a device, or rename the file."#

    PACKAGE_UNKNOWN "package::unknown" Error "The rental package is not in `packages.toml`." r#"
Without its price the device cannot be billed.
    [desk-phone]
    name = "Desk phone rental"
    retail = "7.50"
Correct `package`, or add the package."#

    PART_BEYOND_MODEL "part::beyond-model" Error "The device has fewer parts of this kind than are configured." r"
Handsets, analogue ports and relays are numbered from 1 up to what the model has; settings for one beyond it would be ignored.
Lower the number, or take a larger model."

    PHONEBOOK_BAD_CSV "phonebook::bad-csv" Error "The CSV phonebook cannot be read." r#"
The first row names the columns, every other is a contact; a cell with a comma or a line break stands in double quotes.
    name,group,work,mobile
    "Jones, Ann",Suppliers,+49301234567,+491711234567
The message points to the row. A spreadsheet should save as "CSV UTF-8"."#

    PHONEBOOK_BAD_VCARD "phonebook::bad-vcard" Error "The vCard phonebook cannot be read." r"
Every contact begins with BEGIN:VCARD, has a name and ends with END:VCARD; versions 2.1 to 4.0 are read.
The message points to the line. Exporting the contacts again as vCard 3.0 or 4.0 mostly helps."

    PHONEBOOK_CONTACT_WITHOUT_NUMBER "phonebook::contact-without-number" Warning "A contact has no phone number." r"
Phones list contacts in order to call them; one without a number is left out, or confuses the phone.
Add a number, or remove the contact."

    PHONEBOOK_OVER_LIMIT "phonebook::over-limit" Warning "The phonebook has more contacts than the phone can hold." r"
Phones cut off a book that is too long, or refuse it whole. The message names the limit and the models.
Give the site a smaller book, or use a directory that the phone searches on a server (LDAP)."

    PHONEBOOK_UNKNOWN "phonebook::unknown" Error "A phonebook is named that the customer does not have." r"
The phone would be sent to a file that is not there, and show an empty directory.
Books are files beside `customer.toml`: `phonebook.toml`, `.csv` or `.vcf`. Correct the name or add the file."

    RAW_UNKNOWN_PARAMETER "raw::unknown-parameter" Warning "No phone of this vendor is known to read this parameter." r"
What stands in `[raw]` is written as it is, and phones ignore what they do not know, so a misspelt name does nothing and tells nobody.
Look at the suggestion. Where the parameter is new, add it to the vendor pack's `vocabulary.txt`, or allow this finding."

    SECRET_DEMO_KEY "secret::demo-key" Note "The fleet key is the public example key." r"
Every password is derived from the fleet key, and this one is known to everybody who has seen the examples.
It is good for trying things out, never for phones that can be reached. `sipress init` makes a fleet with a key of its own; it goes into SIPRESS_KEY or a `--key-file`."

    SECRET_EXPOSED "secret::exposed" Error "A secret would be written where anybody can fetch it." r#"
MAC addresses can be guessed, so a file that is served without a gate or an unguessable folder is public, with the passwords in it: somebody else's calls on the customer's bill.
Either give each device a folder that cannot be guessed, or say what guards the site:
    layout = "token"
    gate = "mtls"         # or basic, ip"#

    SECRET_IN_CLEAR "secret::in-clear" Error "A secret stands in clear in the repository." r#"
Whoever can read the repository, now or at any later time, can then register as this phone; history never forgets.
Remove the value: passwords that are left out are derived from the fleet key. Then change it at the server, for it is known.
A fleet that must keep it says so:
    [policy]
    plaintext_secrets = "warn""#

    SECRET_SAME_AS_EXTENSION "secret::same-as-extension" Error "The password is the same as the extension or the user name." r"
It is the first thing that attackers try, and they try it all day long on every server that is reachable.
Leave the password out: sipress derives a strong one from the fleet key."

    SECRET_WEAK "secret::weak" Error "The password can be guessed." r"
It is short, has few different characters, or is on the lists that attackers try first. A guessed SIP password is toll fraud within hours.
Leave it out: sipress derives a strong one from the fleet key. Change it at the server as well."

    SETTING_IGNORED "setting::ignored" Warning "The model cannot do what this setting asks for." r#"
The setting is valid, but nothing is written for it: the phone will behave as if it were not there.
Remove it from this device, set it only for the models that can do it, or use `[raw]` where the vendor has a parameter that sipress does not know:
    [defaults.model."vendor/model".sip]
    stun = { host = "stun.example.net" }"#

    SETTING_NOTHING_LEFT "setting::nothing-left" Error "The model can be told no entry of this list." r#"
A list of codecs that the model does not play would switch all its codecs off: it would register, and every call would fail.
Add an entry that the model knows, or give the model a list of its own:
    [defaults.model."vendor/model".media]
    codecs = ["g722", "pcma"]"#

    SETTING_PARTLY_LOST "setting::partly-lost" Warning "The model cannot be told some entries of this list." r#"
The other entries hold, in their order. An entry is lost where the vendor has no word for it, the model does not play the codec, or
the phone has fewer places than the list has entries. Said of a device or a model it is a warning, of a wider scope a note."#

    SETTING_READ_ONLY "setting::read-only" Error "This setting is computed and cannot be set." r"
Its value follows from others, such as the file's name from the identifier; setting it would make two truths.
The message names the settings that it is computed from. Set these."

    SIP_STUN_WITHOUT_HOST "sip::stun-without-host" Error "STUN is switched on, but there is no server to ask." r#"
A phone without a STUN server waits for its timeout at every call, or does not register.
    [defaults.sip]
    stun = { host = "stun.example.net", port = 3478 }"#

    TEMPLATE_ERROR "template::error" Error "A template cannot be read or rendered." r#"
The phone's file would be incomplete, and an incomplete file can reset a phone, so nothing is written.
The message says where it broke off. A template sees only the settings that it lists in `uses`; a value that may be unset needs a default: `{{ value | default(value="") }}`."#

    TEMPLATE_UNKNOWN "template::unknown" Error "A device names a template that no file of its model asks for." r#"
A fleet's own vendors/<vendor>/vendor.toml offers templates to single devices: the pack's main file steps aside with
if = { "device.template" = false }, and another file of the same name asks for the template:
    [[file]]
    id = "lobby"
    name = "{mac}.cfg"
    template = "lobby.tera"
    if = { "device.template" = "lobby" }"#

    TEXT_HOSTILE "text::hostile" Error "A text holds characters that are invisible or control something." r"
Control characters can end a value and begin another setting on the phone; those that turn the direction of writing can make one name look like another.
They mostly come along when text is copied from a document. Type the text again; the message shows which character it is and where."

    TIME_UNKNOWN_ZONE "time::unknown-zone" Error "There is no time zone of this name." r#"
Zones are named as in the IANA database, by continent and city; abbreviations such as "CET" or "EST" leave open when clocks change.
    [defaults.time]
    zone = "Europe/London""#

    TOML_MISSING_KEY "toml::missing-key" Error "A key that is needed is missing." r"
Without it the entry has no meaning, and sipress does not make one up.
The message names the key and the table that needs it."

    TOML_SYNTAX "toml::syntax" Error "The file is not valid TOML." r#"
Nothing in the file can be trusted from there on, so none of its devices is built; findings in other files are reported all the same.
Usual mistakes are a missing quote, a table that is opened twice and a key that is given twice:
    mac = "80:5e:c0:12:34:56"     # text stands in quotes
    [[line]]                      # two brackets for one of many"#

    TOML_UNKNOWN_KEY "toml::unknown-key" Error "There is no key of this name here." r"
A misspelt key would be a setting that never reaches a phone, so it is an error.
Look at the suggestion, and at the table it stands in: a `[table]` holds until the next one begins. Values of your own for templates go into `[vars]`, parameters of the vendor into `[raw]`."

    TOML_WRONG_TYPE "toml::wrong-type" Error "The value has another type than the key needs." r#"
    port = 5060           # a number stands without quotes
    user = "200"          # a text in quotes, also when it has only digits
    codecs = ["opus"]     # a list in brackets
Text and number differ: `0123` is not a number, and as one it would lose its zero."#

    VALUE_INVALID "value::invalid" Error "The value is not of the form that the setting needs." r"
A phone that is given a host, an address, a URL or a time that it cannot read falls back to its default, mostly in silence.
The message says which form is wanted and shows an example."

    VALUE_NOT_ONE_OF "value::not-one-of" Error "The value is none of those that the setting knows." r"
A closed list is what makes a setting mean the same on every vendor's phones.
The message lists the values and suggests the nearest. What only one vendor has can be set in `[raw]`."

    VALUE_OUT_OF_RANGE "value::out-of-range" Error "The number is too small or too large." r"
Phones cut such numbers off or ignore them; both are hard to find later.
The message names the limits and the unit: a wrong unit, such as minutes in the place of seconds, is the usual mistake."

    VALUE_TOO_LONG "value::too-long" Error "The text is longer than the setting or the phone allows." r"
Phones cut it off, sometimes in the middle of a character, or refuse the whole file.
The message names the limit. Shorten it, for screens perhaps with a `label` of its own."

    VENDOR_BAD_PACK "vendor::bad-pack" Error "A vendor pack is not as it should be." r"
Its tables are the knowledge of how a phone is told things; with a broken row all devices of the vendor would get wrong files.
The message points to the row and says what is wanted. Packs that come with sipress are correct, so look at the fleet's own `vendors/` first."

    VENDOR_LINES_DIFFER "vendor::lines-differ" Error "Lines of one device want different values for what the phone has only once." r"
The setting is one for the whole phone in this model, though others have it for each line. One line's value would be used for all.
Set the same value for all lines, set it for the device, or put the lines on different phones."

    VENDOR_UNKNOWN "vendor::unknown" Error "Defaults, firmware or a rollout of a vendor or model that no pack has." r#"
Nothing would ever read them. A model is named by its id here, vendor/model as `sipress vendors` lists it, not by an alias:
    [defaults.model."yealink/t54w".ui]"#

    VENDOR_UNSPELLABLE "vendor::unspellable" Error "What would be written does not read back as the value that was set." r"
sipress reads every value back as the phone would. When that gives another value, the vendor's spelling cannot express it: seconds where the phone counts minutes, or a separator inside an item of a list.
Choose a value that the phone can express; the message shows what it would understand."
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

    /// The first line of [`Code::text`].
    pub fn summary(self) -> &'static str {
        self.0.summary
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_found_by_name() {
        assert!(ALL.is_sorted_by(|a, b| a.name() < b.name()));
        assert!(ALL.iter().all(|code| Code::find(code.name()) == Some(*code)));
        assert_eq!(Code::find("device::nothing"), None);
    }

    #[test]
    fn every_code_explains_itself_in_two_to_eight_lines() {
        for code in ALL {
            let lines: Vec<&str> = code.text().lines().collect();
            assert!((2..=8).contains(&lines.len()), "{code:?}");
            assert!(lines.iter().all(|line| !line.trim().is_empty()), "{code:?}");
            assert_eq!(lines[0], code.summary());
            assert!(code.summary().ends_with('.'), "{code:?}");
        }
    }

    #[test]
    fn a_code_survives_json() {
        let json = serde_json::to_string(&Code::LINE_ZERO).unwrap();
        assert_eq!(json, "\"line::zero\"");
        assert_eq!(serde_json::from_str::<Code>(&json).unwrap(), Code::LINE_ZERO);
        assert!(serde_json::from_str::<Code>("\"line::none\"").is_err());
    }
}
