//! A panel in plain loops over its lanes: any processor, the browser's too.

use half::f16;

use super::activations::{FINE_STEPS, Row};
use super::matrix::{Line, PANEL, Panel, lines_per_block, offset};
use crate::gguf::{BLOCK, Format};

/// Sixteen outputs for a row of `x`.
#[inline(always)]
pub fn panel(format: Format, panel: Panel<'_>, x: Row<'_>) -> [f32; PANEL] {
    let mut y = [0.0; PANEL];
    for (block, lines) in panel.lines.chunks_exact(lines_per_block(format)).enumerate() {
        let (scale, sum) = (x.scales[block], x.sums[block]);
        let dots_with = |codes: &[i8]| {
            let mut dots = [0; PANEL];
            let codes = &codes[block * BLOCK..][..BLOCK];
            if format == Format::Q8_0 {
                for (line, x) in lines.iter().zip(codes.chunks_exact(4)) {
                    add(&mut dots, line, x, |code| code);
                }
            } else {
                let (lower, upper) = codes.split_at(BLOCK / 2);
                for (line, (lower, upper)) in
                    lines.iter().zip(lower.chunks_exact(4).zip(upper.chunks_exact(4)))
                {
                    add(&mut dots, line, lower, |code| code & 15);
                    add(&mut dots, line, upper, |code| code >> 4);
                }
            }
            dots
        };
        let (coarse, fine) = (dots_with(x.coarse), dots_with(x.fine));
        let dots = std::array::from_fn::<i32, PANEL, _>(|lane| {
            FINE_STEPS * coarse[lane] + fine[lane] - offset(format) * sum
        });
        let scales = &panel.scales[block * PANEL..][..PANEL];
        for ((y, dot), bits) in y.iter_mut().zip(dots).zip(scales) {
            *y += f16::from_bits(*bits).to_f32() * scale * dot as f32;
        }
        if format == Format::Q4_1 {
            let shift = scale * sum as f32;
            for (y, bits) in y.iter_mut().zip(&panel.minimums[block * PANEL..][..PANEL]) {
                *y += f16::from_bits(*bits).to_f32() * shift;
            }
        }
    }
    y
}

#[inline(always)]
fn add(dots: &mut [i32; PANEL], line: &Line, x: &[i8], weight: impl Fn(u8) -> u8) {
    for (dot, codes) in dots.iter_mut().zip(line.0.chunks_exact(4)) {
        for (code, x) in codes.iter().zip(x) {
            *dot += i32::from(weight(*code)) * i32::from(*x);
        }
    }
}
