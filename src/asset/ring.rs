//! Rings: held against what a model plays. They are never changed.

use std::io::Cursor;

use symphonia_core::codecs::{CODEC_TYPE_PCM_ALAW, CODEC_TYPE_PCM_MULAW, CODEC_TYPE_PCM_S16LE, CODEC_TYPE_PCM_U8, CodecParameters};
use symphonia_core::formats::{FormatOptions, FormatReader};
use symphonia_core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia_format_riff::WavReader;

use super::store::Fault;
use crate::vendor::{Coding, RingFacts};

/// Tells what keeps a ring from being played; `extension` is that of its name.
pub fn check(source: &[u8], extension: &str, facts: &RingFacts) -> Result<(), Fault> {
    let unfit = |what: String| Err(Fault::Unfit(what));
    if !facts.formats.iter().any(|format| format == extension) {
        return unfit(format!("is no {}, which is what this phone plays", facts.formats.join(" or ")));
    }
    if let Some(max) = facts.max_bytes.filter(|max| source.len() > *max) {
        return unfit(format!("has {} bytes, and this phone takes at most {max}", source.len()));
    }
    if extension == "wav" { wav(source, facts) } else { Ok(()) }
}

fn wav(source: &[u8], facts: &RingFacts) -> Result<(), Fault> {
    let stream = MediaSourceStream::new(Box::new(Cursor::new(source.to_vec())), MediaSourceStreamOptions::default());
    let unreadable = |error: &dyn std::fmt::Display| Fault::Unreadable(format!("is no WAV that can be read: {error}"));
    let reader = WavReader::try_new(stream, &FormatOptions::default()).map_err(|error| unreadable(&error))?;
    let track = reader.default_track().ok_or_else(|| unreadable(&"it holds no sound"))?;
    let found = [
        rate(&track.codec_params, facts),
        coding(&track.codec_params, facts),
        channels(&track.codec_params, facts),
        length(&track.codec_params, facts),
    ];
    match found.into_iter().flatten().collect::<Vec<String>>() {
        wrong if wrong.is_empty() => Ok(()),
        wrong => Err(Fault::Unfit(wrong.join(", and "))),
    }
}

fn rate(sound: &CodecParameters, facts: &RingFacts) -> Option<String> {
    let rate = sound.sample_rate.unwrap_or_default();
    let wanted: Vec<String> = facts.rates.iter().map(u32::to_string).collect();
    (!wanted.is_empty() && !facts.rates.contains(&rate))
        .then(|| format!("has {rate} samples a second, and this phone plays {}", wanted.join(" or ")))
}

fn coding(sound: &CodecParameters, facts: &RingFacts) -> Option<String> {
    let coding = match sound.codec {
        CODEC_TYPE_PCM_U8 => Some(Coding::Pcm8),
        CODEC_TYPE_PCM_S16LE => Some(Coding::Pcm16),
        CODEC_TYPE_PCM_ALAW => Some(Coding::Alaw),
        CODEC_TYPE_PCM_MULAW => Some(Coding::Ulaw),
        _ => None,
    };
    let is_fine = facts.codings.is_empty() || coding.is_some_and(|coding| facts.codings.contains(&coding));
    let wanted: Vec<String> = facts.codings.iter().map(Coding::to_string).collect();
    let found = coding.map_or("in another coding".to_owned(), |coding| coding.to_string());
    (!is_fine).then(|| format!("is {found}, and this phone plays {}", wanted.join(" or ")))
}

fn channels(sound: &CodecParameters, facts: &RingFacts) -> Option<String> {
    let channels = sound.channels.map_or(0, |channels| channels.count());
    let max = usize::from(facts.channels?);
    (channels > max).then(|| format!("has {channels} channels, and this phone plays at most {max}"))
}

fn length(sound: &CodecParameters, facts: &RingFacts) -> Option<String> {
    let (frames, rate, max) = (sound.n_frames?, u64::from(sound.sample_rate?), facts.max_seconds?);
    let seconds = frames.div_ceil(rate.max(1));
    (seconds > u64::from(max)).then(|| format!("lasts {seconds} s, and this phone plays at most {max}"))
}
