//! Pictures and rings that a phone is sent to: what lies there must be what it can show and play.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};

use super::http::Client;
use super::{Device, Outcome};

/// Fetches a picture, which is one of these formats and, where the screen is known, as large as it.
pub fn picture(client: &Client, url: &str, formats: &[ImageFormat], device: &Device) -> Outcome<()> {
    let bytes = client.need(url)?;
    let reader = ImageReader::new(Cursor::new(&bytes)).with_guessed_format().map_err(|error| format!("{url}: {error}"))?;
    let format = reader.format().filter(|format| formats.contains(format)).ok_or_else(|| format!("{url}: is none of {formats:?}"))?;
    let size = reader.into_dimensions().map_err(|error| format!("{url}: {error}"))?;
    match device.facts.wallpaper {
        Some(wanted) if wanted != size => Err(format!("{url}: a {format:?} of {size:?}, and the {} shows {wanted:?}", device.model)),
        _ => Ok(()),
    }
}

/// Fetches a logo of a grey screen: width and height, then two pixels a byte.
pub fn dob(client: &Client, url: &str) -> Outcome<()> {
    let bytes = client.need(url)?;
    match bytes.as_slice() {
        [width, height, pixels @ ..] if pixels.len() * 2 == usize::from(*width) * usize::from(*height) => Ok(()),
        _ => Err(format!("{url}: is no DOB")),
    }
}

/// Fetches a ring.
pub fn ring(client: &Client, url: &str) -> Outcome<()> {
    let bytes = client.need(url)?;
    let is_wave = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE");
    is_wave.then_some(()).ok_or_else(|| format!("{url}: is no WAV"))
}

/// The last name of a URL's path.
pub fn name(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::super::Facts;
    use super::super::bench::Bench;
    use super::*;

    #[test]
    fn a_picture_of_another_size_or_format_is_refused() {
        let bench = Bench::new(&[("text.png", "no picture"), ("logo.dob", "\u{2}\u{2}12")]);
        let mut png = Vec::new();
        image::GrayImage::new(3, 2).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        bench.put("a.png", &png);
        let device = |wallpaper| Device { id: String::new(), model: String::new(), facts: Facts { wallpaper, ..Facts::default() } };
        let look = |path: &str, formats: &[ImageFormat], size| picture(&Client::new(), &bench.url(path), formats, &device(size));
        assert_eq!(look("a.png", &[ImageFormat::Png], Some((3, 2))), Ok(()));
        assert_eq!(look("a.png", &[ImageFormat::Png], None), Ok(()));
        assert!(look("a.png", &[ImageFormat::Png], Some((2, 3))).is_err());
        assert!(look("a.png", &[ImageFormat::Bmp], None).is_err());
        assert!(look("text.png", &[ImageFormat::Png], None).is_err());
        assert_eq!(dob(&Client::new(), &bench.url("logo.dob")), Ok(()));
        assert!(dob(&Client::new(), &bench.url("a.png")).is_err());
        assert!(ring(&Client::new(), &bench.url("a.png")).is_err());
    }
}
