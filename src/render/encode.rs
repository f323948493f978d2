//! From the text of a file to the bytes that are served.

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use qrcode::render::svg;
use qrcode::{Color, EcLevel, QrCode};
use sha2::{Digest, Sha256};

use crate::vendor::FileSpec;

/// Pixels a module of a PNG: readable from a screen and from a sheet of paper.
const MODULE: usize = 8;
/// Blank modules around the code, as ISO/IEC 18004 asks.
const QUIET: usize = 4;

/// Turns a text into the bytes that its file's `charset`, `serial` and `encode` ask for. Fails where a character has no place in the
/// character set, where a value looks like the serial number's place, and where a text is longer than a QR code can hold.
pub fn encode(spec: &FileSpec, bytes: &mut Vec<u8>) -> Result<(), String> {
    if let Some(place) = &spec.serial {
        number(bytes, place)?;
    }
    if spec.latin1 {
        *bytes = latin1(bytes)?;
    }
    if let Some(picture) = &spec.encode {
        *bytes = qr(picture, bytes)?;
    }
    Ok(())
}

/// Puts digits that change with the content in a place of it.
fn number(bytes: &mut [u8], place: &str) -> Result<(), String> {
    let sum = Sha256::digest(&*bytes);
    let found: Vec<usize> =
        bytes.windows(place.len().max(1)).enumerate().filter(|(_, own)| *own == place.as_bytes()).map(|(at, _)| at).collect();
    if found.len() > 1 {
        return Err(format!("`{place}` is the place of its serial number, and a value holds it too"));
    }
    for at in found {
        bytes[at..at + place.len()].iter_mut().zip(sum.iter().cycle()).for_each(|(digit, byte)| *digit = b'0' + byte % 10);
    }
    Ok(())
}

fn latin1(text: &[u8]) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(text).map_err(|error| error.to_string())?;
    let byte = |character: char| u8::try_from(u32::from(character)).map_err(|_| "a character that ISO-8859-1 lacks".to_owned());
    text.chars().map(byte).collect()
}

/// A QR code, `qr-svg` or `qr-png`, of a text of at most about 2,300 bytes.
fn qr(picture: &str, text: &[u8]) -> Result<Vec<u8>, String> {
    let code = QrCode::with_error_correction_level(text.trim_ascii_end(), EcLevel::M)
        .map_err(|_| format!("{} bytes are more than a QR code can hold", text.len()))?;
    match picture {
        "qr-svg" => Ok(code.render::<svg::Color<'_>>().min_dimensions(256, 256).build().into_bytes()),
        _ => png(&code),
    }
}

fn png(code: &QrCode) -> Result<Vec<u8>, String> {
    let side = (code.width() + 2 * QUIET) * MODULE;
    let mut pixels = vec![u8::MAX; side * side];
    for (place, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        let (x, y) = ((place % code.width() + QUIET) * MODULE, (place / code.width() + QUIET) * MODULE);
        (y..y + MODULE).for_each(|row| pixels[row * side + x..][..MODULE].fill(0));
    }
    let mut bytes = Vec::new();
    let side = u32::try_from(side).map_err(|_| "the picture is too large".to_owned())?;
    PngEncoder::new(&mut bytes).write_image(&pixels, side, side, ExtendedColorType::L8).map_err(|error| error.to_string())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_changes_with_the_content_and_with_nothing_else() {
        let made = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            number(&mut bytes, "000000000000").expect("one place");
            String::from_utf8(bytes).expect("text")
        };
        let (one, other) = (made("sn=000000000000\na=1\n"), made("sn=000000000000\na=2\n"));
        assert!(one.starts_with("sn=") && one.ends_with("\na=1\n") && one.len() == 20);
        assert!(one[3..15].bytes().all(|digit| digit.is_ascii_digit()));
        assert_ne!(one[3..15], other[3..15]);
        assert_eq!(one, made("sn=000000000000\na=1\n"));
        assert_eq!(made("none"), "none");
        let mut twice = *b"name=000000000000\nsn=000000000000\n";
        assert!(number(&mut twice, "000000000000").is_err_and(|why| why.contains("a value holds it too")));
    }

    #[test]
    fn latin1_has_what_western_europe_writes() {
        assert_eq!(latin1("Söhne".as_bytes()), Ok(b"S\xf6hne".to_vec()));
        assert!(latin1("Łódź".as_bytes()).is_err());
    }
}
