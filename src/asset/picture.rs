//! Pictures: decoded, scaled, and encoded as a model takes them. Every step is arithmetic that comes out equal on every machine: no
//! processor's own instructions, no function whose last bit depends on a library.

use image::codecs::bmp::BmpEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::{FilterType, overlay};
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, ImageReader, Limits, RgbImage, RgbaImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::store::Fault;
use crate::vendor::{Grey, PictureFacts, Size};

/// How a picture comes into its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fit {
    /// It fills the frame; what hangs over is cut off on both sides.
    Cover,
    /// All of it is in the middle of a white frame, never enlarged.
    Inside,
}

/// The longest side of a picture that is read, in pixels: one that claims more would fill the memory.
const LONGEST: u32 = 8192;

/// Qualities of JPEG from good to poor, for phones that take few bytes.
const QUALITIES: [u8; 6] = [90, 80, 70, 60, 50, 40];

/// A format that a picture can be made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Png,
    Jpeg,
    Bmp,
    Dob,
}

/// Makes a picture of these pixels, and tells the end of its name. `extension` is that of the source's name: a format that sipress
/// cannot make is served as it is.
pub fn make(source: &[u8], extension: &str, facts: &PictureFacts, size: Option<Size>, fit: Fit) -> Result<(Vec<u8>, String), Fault> {
    let makeable: Vec<&str> = facts.formats.iter().map(String::as_str).filter(|format| format_of(format).is_some()).collect();
    let own = facts.formats.iter().any(|format| format == extension);
    if own && !makeable.contains(&extension) {
        let bytes = within(facts, source.to_vec()).map_err(|bytes| too_large(bytes.len(), facts))?;
        return Ok((bytes, extension.to_owned()));
    }
    if makeable.is_empty() {
        let formats = facts.formats.join(" or ");
        return Err(Fault::Unfit(format!("is no {formats}, the only format that this phone takes, and sipress cannot make one")));
    }
    let picture = decode(source)?;
    let size = size.unwrap_or(Size { width: picture.width(), height: picture.height() });
    let picture = framed(picture, size, fit, facts.grey);
    let (own, others): (Vec<&str>, Vec<&str>) = makeable.iter().partition(|format| format_of(format) == format_of(extension));
    let mut smallest = None;
    for format in own.into_iter().chain(others) {
        for bytes in encode(&picture, format, facts.grey) {
            match within(facts, bytes) {
                Ok(bytes) => return Ok((bytes, format.to_owned())),
                Err(bytes) => smallest = Some(smallest.map_or(bytes.len(), |known: usize| known.min(bytes.len()))),
            }
        }
    }
    let too_wide =
        || Fault::Unfit(format!("would have {}x{} pixels, more than a {} holds", size.width, size.height, makeable.join(" or ")));
    Err(smallest.map_or_else(too_wide, |bytes| too_large(bytes, facts)))
}

fn within(facts: &PictureFacts, bytes: Vec<u8>) -> Result<Vec<u8>, Vec<u8>> {
    if facts.max_bytes.is_none_or(|max| bytes.len() <= max) { Ok(bytes) } else { Err(bytes) }
}

fn too_large(bytes: usize, facts: &PictureFacts) -> Fault {
    Fault::Unfit(format!("has {bytes} bytes as this phone takes it, and it takes at most {}", facts.max_bytes.unwrap_or_default()))
}

fn format_of(extension: &str) -> Option<Format> {
    match extension {
        "png" => Some(Format::Png),
        "jpg" | "jpeg" => Some(Format::Jpeg),
        "bmp" => Some(Format::Bmp),
        "dob" => Some(Format::Dob),
        _ => None,
    }
}

/// The pixels of a PNG, JPEG or BMP, whatever its name says.
fn decode(source: &[u8]) -> Result<RgbaImage, Fault> {
    let unreadable = |error: &dyn std::fmt::Display| Fault::Unreadable(format!("is no picture that can be read: {error}"));
    let format =
        image::guess_format(source).ok().filter(|format| matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Bmp));
    let format = format.ok_or_else(|| Fault::Unreadable("is no PNG, JPEG or BMP".to_owned()))?;
    if format == ImageFormat::Jpeg {
        return decode_jpeg(source);
    }
    let mut reader = ImageReader::with_format(std::io::Cursor::new(source), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    reader.limits(limits);
    Ok(reader.decode().map_err(|error| unreadable(&error))?.into_rgba8())
}

/// The decoder of the `image` crate takes the processor's own instructions, whose last bits differ.
fn decode_jpeg(source: &[u8]) -> Result<RgbaImage, Fault> {
    let unreadable = |error: &dyn std::fmt::Debug| Fault::Unreadable(format!("is no JPEG that can be read: {error:?}"));
    let options = DecoderOptions::new_safe().set_max_width(LONGEST as usize).set_max_height(LONGEST as usize);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(source), options.jpeg_set_out_colorspace(ColorSpace::RGB));
    let pixels = decoder.decode().map_err(|error| unreadable(&error))?;
    let (width, height) = decoder.dimensions().ok_or_else(|| unreadable(&"it has no size"))?;
    let pixels = RgbImage::from_raw(width as u32, height as u32, pixels).ok_or_else(|| unreadable(&"it ends early"))?;
    let mut picture = DynamicImage::from(pixels);
    if let Some(turned) = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif)) {
        picture.apply_orientation(turned);
    }
    Ok(picture.into_rgba8())
}

/// The picture in a frame of this size, on white where it does not cover it.
fn framed(picture: RgbaImage, size: Size, fit: Fit, grey: Option<Grey>) -> RgbImage {
    let Size { width, height } = size;
    let picture = DynamicImage::from(picture);
    let fits = picture.width() <= width && picture.height() <= height;
    let scaled = match fit {
        Fit::Cover => picture.resize_to_fill(width, height, FilterType::CatmullRom),
        Fit::Inside if fits => picture,
        Fit::Inside => picture.resize(width, height, FilterType::CatmullRom),
    };
    let mut frame = RgbaImage::from_pixel(width, height, image::Rgba([255; 4]));
    let middle = |frame: u32, inner: u32| i64::from(frame.saturating_sub(inner) / 2);
    overlay(&mut frame, &scaled.to_rgba8(), middle(width, scaled.width()), middle(height, scaled.height()));
    let mut flat = DynamicImage::from(frame).into_rgb8();
    if let Some(grey) = grey {
        flat.pixels_mut().for_each(|pixel| pixel.0 = [nearest(luma(pixel.0), grey); 3]);
    }
    flat
}

/// Brightness by ITU-R BT.601, in whole numbers.
fn luma([red, green, blue]: [u8; 3]) -> u8 {
    ((u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114 + 500) / 1000) as u8
}

/// The nearest of evenly spaced shades.
fn nearest(luma: u8, grey: Grey) -> u8 {
    let last = u32::from(grey.shades()) - 1;
    let shade = (u32::from(luma) * last + 127) / 255;
    (shade * 255 / last) as u8
}

/// The picture in a format: several times, ever smaller, where the format can.
fn encode<'p>(picture: &'p RgbImage, format: &str, grey: Option<Grey>) -> Box<dyn Iterator<Item = Vec<u8>> + 'p> {
    let (width, height) = picture.dimensions();
    let write = move |encode: &dyn Fn(&mut Vec<u8>) -> image::ImageResult<()>| {
        let mut bytes = Vec::new();
        encode(&mut bytes).ok().map(|()| bytes)
    };
    let shades: Option<Vec<u8>> = grey.map(|_| picture.pixels().map(|pixel| pixel.0[0]).collect());
    match (format_of(format), shades) {
        (Some(Format::Dob), _) => Box::new(sixteen_shades(picture).into_iter()),
        (Some(Format::Jpeg), _) => Box::new(QUALITIES.into_iter().filter_map(move |quality| {
            write(&|bytes| JpegEncoder::new_with_quality(bytes, quality).encode(picture, width, height, ExtendedColorType::Rgb8))
        })),
        (Some(Format::Bmp), Some(shades)) if grey.is_some_and(|grey| grey.shades() == 2) => {
            Box::new(std::iter::once(two_colours(&shades, width as usize)))
        }
        (Some(Format::Bmp), Some(shades)) => {
            Box::new(write(&|bytes| BmpEncoder::new(bytes).encode(&shades, width, height, ExtendedColorType::L8)).into_iter())
        }
        (Some(Format::Bmp), None) => {
            Box::new(write(&|bytes| BmpEncoder::new(bytes).encode(picture, width, height, ExtendedColorType::Rgb8)).into_iter())
        }
        (_, Some(shades)) => {
            Box::new(write(&|bytes| PngEncoder::new(bytes).write_image(&shades, width, height, ExtendedColorType::L8)).into_iter())
        }
        (_, None) => {
            Box::new(write(&|bytes| PngEncoder::new(bytes).write_image(picture, width, height, ExtendedColorType::Rgb8)).into_iter())
        }
    }
}

/// A BMP of one bit a pixel, which the `image` crate does not write: headers, two colours, rows from the bottom, each filled up to four
/// bytes.
fn two_colours(shades: &[u8], width: usize) -> Vec<u8> {
    let height = shades.len() / width;
    let stride = width.div_ceil(32) * 4;
    const HEADERS: usize = 14 + 40 + 8;
    let mut bytes = Vec::with_capacity(HEADERS + stride * height);
    let number = |bytes: &mut Vec<u8>, number: usize| bytes.extend_from_slice(&(number as u32).to_le_bytes());
    bytes.extend_from_slice(b"BM");
    [HEADERS + stride * height, 0, HEADERS, 40, width, height].iter().for_each(|value| number(&mut bytes, *value));
    bytes.extend_from_slice(&[1, 0, 1, 0]);
    [0, stride * height, 2835, 2835, 2, 2].iter().for_each(|value| number(&mut bytes, *value));
    bytes.extend_from_slice(&[0, 0, 0, 0, 255, 255, 255, 0]);
    for row in shades.chunks_exact(width).rev() {
        let start = bytes.len();
        bytes.extend(row.chunks(8).map(|eight| {
            let bits = eight.iter().enumerate().map(|(place, shade)| u8::from(*shade > 127) << (7 - place));
            bits.fold(0, |all, bit| all | bit)
        }));
        bytes.resize(start + stride, 0);
    }
    bytes
}

/// A DOB, as the makers' converters write it: width and height as a byte each, then two pixels a byte, the left one in the low half,
/// 0 white to 15 black. Read off public converters and files, not off a maker's document. `None` where a side does not fit into a byte.
fn sixteen_shades(picture: &RgbImage) -> Option<Vec<u8>> {
    let (width, height) = picture.dimensions();
    let mut bytes = vec![u8::try_from(width).ok()?, u8::try_from(height).ok()?];
    let darkness: Vec<u8> = picture.pixels().map(|pixel| 15 - (u16::from(luma(pixel.0)) * 15 / 255) as u8).collect();
    bytes.extend(darkness.chunks(2).map(|pair| pair[0] | pair.get(1).copied().unwrap_or_default() << 4));
    Some(bytes)
}
