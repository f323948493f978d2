//! What models take of pictures and rings: `assets` in models.toml.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// A picture as a model takes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PictureFacts {
    /// Formats by the ends of file names, the best one first.
    pub formats: Vec<String>,
    /// Its size, where that is not the screen's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// Shades of grey as bits a pixel: 1 is black and white. Colour where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grey: Option<Grey>,
    /// Most bytes of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<usize>,
}

/// Bits a pixel of a screen without colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Grey(u8);

/// A ring as a model takes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RingFacts {
    /// Formats by the ends of file names.
    pub formats: Vec<String>,
    /// Samples a second.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<u32>,
    /// How samples are coded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codings: Vec<Coding>,
    /// Most channels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<u16>,
    /// Most bytes of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<usize>,
    /// Longest time in s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<u32>,
}

/// A coding of samples in a WAV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Coding {
    /// Linear, 8 bits.
    Pcm8,
    /// Linear, 16 bits.
    Pcm16,
    /// G.711 A-law.
    Alaw,
    /// G.711 µ-law.
    Ulaw,
}

/// What is known of a model's pictures and rings; nothing where no source tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assets {
    /// Behind everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wallpaper: Option<PictureFacts>,
    /// On the idle screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<PictureFacts>,
    /// When nobody touches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screensaver: Option<PictureFacts>,
    /// What it plays when somebody calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ringtone: Option<RingFacts>,
}

impl std::fmt::Display for Coding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Coding::Pcm8 => "8-bit PCM",
            Coding::Pcm16 => "16-bit PCM",
            Coding::Alaw => "A-law",
            Coding::Ulaw => "µ-law",
        })
    }
}

impl Size {
    /// Reads `480x272`.
    pub fn parse(text: &str) -> Option<Size> {
        let (width, height) = text.split_once('x')?;
        let size = Size { width: width.parse().ok()?, height: height.parse().ok()? };
        (1..=4096).contains(&size.width).then_some(())?;
        (1..=4096).contains(&size.height).then_some(size)
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Size, D::Error> {
        let text = String::deserialize(deserializer)?;
        Size::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("size `{text}` is not WIDTHxHEIGHT in pixels")))
    }
}

impl Grey {
    /// Shades from black to white.
    pub fn shades(self) -> u16 {
        1 << self.0
    }
}

impl TryFrom<u8> for Grey {
    type Error = String;

    fn try_from(bits: u8) -> Result<Grey, String> {
        matches!(bits, 1 | 2 | 4 | 8).then_some(Grey(bits)).ok_or_else(|| format!("grey is 1, 2, 4 or 8 bits a pixel, not {bits}"))
    }
}

impl From<Grey> for u8 {
    fn from(grey: Grey) -> u8 {
        grey.0
    }
}
