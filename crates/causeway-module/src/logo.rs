//! The PNG for WHMCS's Apps page.

use std::io::Cursor;

use crate::module::ModuleError;

/// WHMCS asks for a logo no wider than this many pixels.
const WIDEST: u32 = 500;
const NARROWEST: u32 = 16;
const MOST_BYTES: usize = 512 * 1024;

/// The vendor's logo, once it is known to be a PNG that WHMCS can show.
pub(crate) fn checked(bytes: Vec<u8>) -> Result<Vec<u8>, ModuleError> {
    if bytes.len() > MOST_BYTES {
        return Err(ModuleError::Logo(format!(
            "it has {} bytes, and at most {MOST_BYTES} make sense",
            bytes.len()
        )));
    }
    let mut reader = png::Decoder::new(Cursor::new(&bytes))
        .read_info()
        .map_err(|error| {
            ModuleError::Logo(format!("it is not a PNG that can be read ({error})"))
        })?;
    let (width, height) = (reader.info().width, reader.info().height);
    let sensible = NARROWEST..=WIDEST;
    if !sensible.contains(&width) || !sensible.contains(&height) {
        return Err(ModuleError::Logo(format!(
            "it is {width} by {height} pixels; each side must have {NARROWEST} to {WIDEST} (WHMCS shows it at most {WIDEST} wide)"
        )));
    }
    while reader
        .next_row()
        .map_err(|error| ModuleError::Logo(format!("it is damaged ({error})")))?
        .is_some()
    {}
    Ok(bytes)
}

/// A causeway: a road on three arches, grey on nothing.
pub(crate) fn neutral() -> Result<Vec<u8>, ModuleError> {
    const WIDTH: u32 = 250;
    const HEIGHT: u32 = 62;
    let road = |y: u32| (18..26).contains(&y);
    let wall = |x: u32, y: u32| {
        let across = i64::from((x - 20) % 70) - 35;
        let up = 56 - i64::from(y);
        (26..56).contains(&y) && across * across + up * up > 28 * 28
    };
    let mut pixels = Vec::with_capacity((WIDTH * HEIGHT * 4) as usize);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let stone = (20..230).contains(&x) && (road(y) || wall(x, y));
            pixels.extend(if stone { [71, 85, 105, 255] } else { [0; 4] });
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let drawn = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&pixels));
    drawn.map_err(|error| ModuleError::Logo(error.to_string()))?;
    Ok(bytes)
}
