//! Files that are pictures of a text: QR codes.

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use qrcode::render::svg;
use qrcode::{Color, EcLevel, QrCode};

/// Pixels a module of a PNG: readable from a screen and from a sheet of paper.
const MODULE: usize = 8;
/// Blank modules around the code, as ISO/IEC 18004 asks.
const QUIET: usize = 4;

/// Makes a picture, `qr-svg` or `qr-png`, of a text. Fails where the text is longer than a QR code can hold, about 2,300 bytes.
pub fn encode(picture: &str, text: &[u8]) -> Result<Vec<u8>, String> {
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
