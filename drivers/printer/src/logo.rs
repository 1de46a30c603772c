//! A shop's logo: a PNG file as dots, dark ones printed.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use drivers_contract::print::Bitmap;

/// The widest paper in dots, and the highest logo that a receipt should begin with.
const WIDTH_MAX: u32 = 832;
const HEIGHT_MAX: u32 = 400;
/// Darker than this (of 255) is ink; what is transparent is paper.
const INK_BELOW: u32 = 128;

/// Reads a logo.
///
/// # Errors
/// What is wrong with the file, for whoever wrote its name into the settings.
pub fn read(path: &Path) -> Result<Bitmap, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut decoder = png::Decoder::new(BufReader::new(file));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|error| error.to_string())?;
    let (width, height) = reader.info().size();
    if width > WIDTH_MAX || height > HEIGHT_MAX {
        return Err(format!(
            "{width} x {height} dots are more than {WIDTH_MAX} x {HEIGHT_MAX}: a printer has 8 a millimetre"
        ));
    }
    let mut pixels = vec![0; reader.output_buffer_size().ok_or("it is too large")?];
    let frame = reader.next_frame(&mut pixels).map_err(|error| error.to_string())?;
    let samples = frame.color_type.samples();
    let stride = usize::try_from(width).unwrap_or(0).div_ceil(8);
    let mut rows = vec![0_u8; stride * usize::try_from(height).unwrap_or(0)];
    let across = usize::try_from(width).unwrap_or(1).max(1);
    for (at, pixel) in pixels[..frame.buffer_size()].chunks(samples).enumerate() {
        let (x, y) = (at % across, at / across);
        if is_ink(pixel) {
            rows[y * stride + x / 8] |= 0x80 >> (x % 8);
        }
    }
    Ok(Bitmap { width: u16::try_from(width).unwrap_or(u16::MAX), rows })
}

/// Grey, grey with alpha, colour, colour with alpha; luma of ITU-R BT.601.
fn is_ink(pixel: &[u8]) -> bool {
    let luma = |r: u8, g: u8, b: u8| {
        (u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 1_000
    };
    match *pixel {
        [grey] => u32::from(grey) < INK_BELOW,
        [grey, alpha] => alpha >= 128 && u32::from(grey) < INK_BELOW,
        [r, g, b] => luma(r, g, b) < INK_BELOW,
        [r, g, b, alpha] => alpha >= 128 && luma(r, g, b) < INK_BELOW,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32, color: png::ColorType, data: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut encoder = png::Encoder::new(file.reopen().unwrap(), width, height);
        encoder.set_color(color);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header().unwrap().write_image_data(data).unwrap();
        file
    }

    #[test]
    fn dark_is_ink_and_transparent_is_paper() {
        let white = [255, 255, 255, 255];
        let pixels = [[0, 0, 0, 255], white, [0, 0, 0, 0], [200, 0, 0, 255]].concat();
        let file = png(4, 1, png::ColorType::Rgba, &pixels);
        assert_eq!(read(file.path()), Ok(Bitmap { width: 4, rows: vec![0b1001_0000] }));
        let grey = png(9, 2, png::ColorType::Grayscale, &[[0; 9], [255; 9]].concat());
        assert_eq!(read(grey.path()).unwrap().rows, [0xff, 0x80, 0, 0]);
    }

    #[test]
    fn what_is_no_logo_says_why() {
        let huge = png(900, 1, png::ColorType::Grayscale, &[0; 900]);
        assert!(read(huge.path()).unwrap_err().contains("900 x 1 dots"));
        assert!(read(Path::new("/nowhere.png")).is_err());
        let text = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(text.path(), "no picture").unwrap();
        assert!(read(text.path()).is_err());
    }
}
