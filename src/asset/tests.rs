use std::io::Cursor;
use std::sync::Arc;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use proptest::prelude::*;

use super::picture::{Fit, make};
use super::ring::check;
use super::{Fault, Store, Wish};
use crate::vendor::{Coding, PictureFacts, RingFacts, Size};

const SIZE: Size = Size { width: 48, height: 32 };

fn facts(text: &str) -> PictureFacts {
    toml::from_str(text).expect("facts")
}

/// A picture whose left half is red and whose right half is clear.
fn source(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let picture = RgbaImage::from_fn(width, height, |x, _| if x < width / 2 { Rgba([200, 0, 0, 255]) } else { Rgba([0, 0, 0, 0]) });
    let picture = DynamicImage::from(picture);
    let mut bytes = Cursor::new(Vec::new());
    let written = if format == ImageFormat::Jpeg { DynamicImage::from(picture.to_rgb8()) } else { picture };
    written.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

fn made(source: &[u8], text: &str, fit: Fit) -> (RgbaImage, String, usize) {
    let (bytes, extension) = make(source, "png", &facts(text), Some(SIZE), fit).expect("a picture");
    let picture = image::load_from_memory(&bytes).expect("a picture that others read");
    (picture.to_rgba8(), extension, bytes.len())
}

#[test]
fn pictures_fill_the_screen_and_logos_stay_inside() {
    let wide = source(200, 50, ImageFormat::Png);
    let (cover, extension, _) = made(&wide, r#"formats = ["png"]"#, Fit::Cover);
    assert_eq!((cover.dimensions(), extension.as_str()), ((48, 32), "png"));
    assert_eq!((cover.get_pixel(0, 0).0, cover.get_pixel(47, 31).0), ([200, 0, 0, 255], [255; 4]), "clear becomes white");
    let (inside, ..) = made(&wide, r#"formats = ["png"]"#, Fit::Inside);
    assert_eq!((inside.get_pixel(1, 0).0, inside.get_pixel(1, 16).0), ([255; 4], [200, 0, 0, 255]));
    let small = source(8, 8, ImageFormat::Png);
    let (inside, ..) = made(&small, r#"formats = ["png"]"#, Fit::Inside);
    let red = inside.pixels().filter(|pixel| pixel.0 == [200, 0, 0, 255]).count();
    assert_eq!(red, 32, "a small logo is not enlarged");
    let (bytes, _) = make(&wide, "png", &facts(r#"formats = ["bmp"]"#), None, Fit::Cover).expect("a picture");
    assert_eq!(image::load_from_memory(&bytes).expect("a picture").width(), 200, "nobody knows the screen");
}

#[test]
fn the_format_is_one_that_the_model_takes_and_small_enough() {
    let bytes = source(64, 64, ImageFormat::Png);
    for (text, wanted) in [
        (r#"formats = ["jpg", "png"]"#, "png"),
        (r#"formats = ["jpg"]"#, "jpg"),
        (r#"formats = ["jpeg"]"#, "jpeg"),
        (r#"formats = ["raw", "bmp"]"#, "bmp"),
    ] {
        assert_eq!(made(&bytes, text, Fit::Cover).1, wanted, "{text}");
    }
    let (_, extension, size) = made(&bytes, "formats = [\"bmp\", \"jpg\"]\nmax_bytes = 1200", Fit::Cover);
    assert!(extension == "jpg" && size <= 1200, "{extension} {size}");
    let fault = make(&bytes, "png", &facts("formats = [\"bmp\"]\nmax_bytes = 100"), Some(SIZE), Fit::Cover);
    assert!(matches!(fault, Err(Fault::Unfit(why)) if why.contains("at most 100")));
}

#[test]
fn a_format_that_sipress_cannot_make_is_served_as_it_is() {
    let own = facts(r#"formats = ["raw"]"#);
    assert_eq!(make(b"anything", "raw", &own, Some(SIZE), Fit::Cover), Ok((b"anything".to_vec(), "raw".to_owned())));
    let fault = make(&source(8, 8, ImageFormat::Png), "png", &own, Some(SIZE), Fit::Cover);
    assert!(matches!(fault, Err(Fault::Unfit(why)) if why.contains("raw")));
}

#[test]
fn grey_screens_get_their_shades() {
    let bytes = source(64, 64, ImageFormat::Png);
    for (grey, format, shades) in [(1, "bmp", 2), (1, "png", 2), (2, "png", 4), (4, "bmp", 16)] {
        let (picture, ..) = made(&bytes, &format!("formats = [\"{format}\"]\ngrey = {grey}"), Fit::Cover);
        let step = 255 / (shades - 1);
        assert!(picture.pixels().all(|pixel| pixel.0[0] == pixel.0[1] && usize::from(pixel.0[0]) % step == 0), "{grey} {format}");
    }
    let (bits, _) = make(&bytes, "png", &facts("formats = [\"bmp\"]\ngrey = 1"), Some(SIZE), Fit::Cover).expect("a picture");
    assert_eq!((bits.len(), &bits[..2]), (62 + 32 * 8, &b"BM"[..]));
    assert!(toml::from_str::<PictureFacts>("formats = [\"bmp\"]\ngrey = 3").is_err());
}

#[test]
fn a_dob_has_two_pixels_a_byte_the_left_one_low() {
    let source = source(4, 2, ImageFormat::Png);
    let own = facts("formats = [\"dob\"]\ngrey = 1");
    let (bytes, extension) = make(&source, "png", &own, Some(Size { width: 6, height: 4 }), Fit::Inside).expect("a picture");
    let rows = [[0, 0, 0], [0xf0, 0x0f, 0], [0xf0, 0x0f, 0], [0, 0, 0]].concat();
    assert_eq!((bytes, extension.as_str()), ([vec![6, 4], rows].concat(), "dob"));
    let wide = make(&source, "png", &own, Some(Size { width: 256, height: 4 }), Fit::Inside);
    assert!(matches!(wide, Err(Fault::Unfit(_))));
}

#[test]
fn jpegs_are_read_turned_as_the_camera_was_held_and_lose_what_it_wrote() {
    let plain = source(64, 32, ImageFormat::Jpeg);
    let exif = [&b"\xff\xe1\x00\x22Exif\0\0"[..], b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"].concat();
    let turned = [&plain[..2], &exif, &plain[2..]].concat();
    let red = |bytes: &[u8], x: u32, y: u32| {
        let (bytes, _) =
            make(bytes, "jpg", &facts(r#"formats = ["png"]"#), Some(Size { width: 32, height: 32 }), Fit::Cover).expect("a picture");
        assert!(!bytes.windows(4).any(|part| part == b"Exif"));
        image::load_from_memory(&bytes).expect("a picture").to_rgba8().get_pixel(x, y).0[0] > 150
    };
    assert!(red(&plain, 2, 30) && !red(&plain, 30, 2));
    assert!(!red(&turned, 2, 30) && red(&turned, 30, 2));
}

#[test]
fn what_is_no_picture_is_told() {
    for (bytes, why) in
        [(&b"<svg/>"[..], "PNG, JPEG or BMP"), (b"\x89PNG\r\n\x1a\n", "cannot be read"), (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG")]
    {
        let fault = make(bytes, "png", &facts(r#"formats = ["png"]"#), Some(SIZE), Fit::Cover).expect_err("no picture");
        assert!(
            matches!(&fault, Fault::Unreadable(told) if told.contains(why) || told.contains("no picture that can be read")),
            "{fault:?}"
        );
    }
}

/// A WAV file: format, channels, rate, bits, and so many bytes of sound. What is not linear has an extension, if an empty one.
fn wav(format: u16, channels: u16, rate: u32, bits: u16, sound: u32) -> Vec<u8> {
    let frame = channels * bits / 8;
    let extension: &[u8] = if format == 1 { &[] } else { &[0, 0] };
    let head = 16 + extension.len() as u32;
    let mut bytes = [&b"RIFF"[..], &(20 + head + sound).to_le_bytes(), b"WAVEfmt ", &head.to_le_bytes()].concat();
    bytes.extend([format.to_le_bytes(), channels.to_le_bytes()].concat());
    bytes.extend([rate.to_le_bytes(), (rate * u32::from(frame)).to_le_bytes()].concat());
    bytes.extend([&frame.to_le_bytes()[..], &bits.to_le_bytes(), extension].concat());
    bytes.extend([&b"data"[..], &sound.to_le_bytes()].concat());
    bytes.resize(bytes.len() + sound as usize, 0x55);
    bytes
}

#[test]
fn rings_are_held_against_what_the_model_plays() {
    let facts: RingFacts = toml::from_str(
        "formats = [\"wav\"]\nrates = [8000]\ncodings = [\"ulaw\", \"pcm16\"]\nchannels = 1\nmax_bytes = 100000\nmax_seconds = 4",
    )
    .expect("facts");
    assert_eq!(facts.codings, [Coding::Ulaw, Coding::Pcm16]);
    for good in [wav(7, 1, 8000, 8, 8000), wav(1, 1, 8000, 16, 32000)] {
        assert_eq!(check(&good, "wav", &facts), Ok(()));
    }
    for (bad, why) in [
        (wav(7, 1, 16000, 8, 800), "16000 samples a second, and this phone plays 8000"),
        (wav(6, 1, 8000, 8, 800), "is A-law, and this phone plays µ-law or 16-bit PCM"),
        (wav(1, 2, 8000, 16, 800), "has 2 channels"),
        (wav(7, 1, 8000, 8, 40000), "lasts 5 s"),
        (wav(7, 1, 8000, 8, 100_000), "has 100046 bytes"),
    ] {
        let fault = check(&bad, "wav", &facts).expect_err("a bad ring");
        assert!(matches!(&fault, Fault::Unfit(told) if told.contains(why)), "{fault:?}");
    }
    assert!(matches!(check(b"ID3", "mp3", &facts), Err(Fault::Unfit(why)) if why.contains("is no wav")));
    assert!(matches!(check(b"RIFF", "wav", &facts), Err(Fault::Unreadable(_))));
}

#[test]
fn the_same_file_is_made_once_and_lies_under_its_hash() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("Our Logo.PNG"), source(64, 64, ImageFormat::Png)).expect("a file");
    let store = Store::default();
    let path: Arc<str> = "Our Logo.PNG".into();
    let wish = Wish::Picture { facts: facts(r#"formats = ["png"]"#), size: Some(SIZE), fit: Fit::Inside };
    let first = store.make(folder.path(), &path, &wish).expect("a picture");
    let again = store.make(folder.path(), &path, &wish).expect("a picture");
    assert!(Arc::ptr_eq(&first, &again));
    let (folder_name, name) = first.path.strip_prefix("a/").and_then(|path| path.split_once('/')).expect("two folders");
    assert_eq!((folder_name.len(), name, first.content_type), (64, "our-logo.png", "image/png"));
    let missing = store.make(folder.path(), &"gone.png".into(), &wish);
    assert!(matches!(missing, Err(Fault::Unreadable(_))));
}

proptest! {
    #[test]
    fn rubbish_is_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), head in 0..5usize) {
        let heads: [&[u8]; 5] = [b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff\xe0\0\x10JFIF\0", b"BM", b"RIFF\0\0\0\0WAVEfmt "];
        let bytes = [heads[head], &bytes].concat();
        let _ = make(&bytes, "png", &facts(r#"formats = ["png"]"#), Some(SIZE), Fit::Cover);
        let _ = check(&bytes, "wav", &toml::from_str("formats = [\"wav\"]\nrates = [8000]").expect("facts"));
    }
}
