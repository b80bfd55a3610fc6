//! A weight matrix in blocks, its rows rearranged to panels.

use half::f16;

use crate::gguf::{BLOCK, Format};
use crate::{Error, Result};

/// Rows of a panel.
pub const PANEL: usize = 16;

/// Four codes each of sixteen rows: a cache line.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub struct Line(pub [u8; 64]);

/// A matrix `[rows, width]`. Of 4-bit codes a line holds weights `4i .. 4i + 4` of a block below and
/// those 16 further on above; of 8-bit codes only the first. A last panel that is not full ends in rows
/// of zeros.
#[derive(Debug, Clone)]
pub struct QuantizedMatrix {
    format: Format,
    rows: usize,
    width: usize,
    lines: Vec<Line>,
    /// `d` as f16, sixteen per block.
    scales: Vec<u16>,
    /// `m` as f16, where the format has it.
    minimums: Vec<u16>,
}

/// The blocks of a panel, one after the other.
#[derive(Clone, Copy)]
pub struct Panel<'a> {
    pub lines: &'a [Line],
    pub scales: &'a [u16],
    pub minimums: &'a [u16],
}

/// Lines of a panel's block.
pub fn lines_per_block(format: Format) -> usize {
    if format == Format::Q8_0 { 8 } else { 4 }
}

/// What stands for the weight zero.
pub fn offset(format: Format) -> i32 {
    match format {
        Format::Q8_0 => 128,
        Format::Q4_0 => 8,
        _ => 0,
    }
}

impl QuantizedMatrix {
    /// Rearranges a tensor's bytes as they stand in a file.
    ///
    /// # Errors
    /// [`Error::Weights`] when the format has no blocks or the bytes are not of this shape.
    pub fn from_blocks(format: Format, rows: usize, width: usize, bytes: &[u8]) -> Result<Self> {
        let blocks = width / BLOCK;
        let row_bytes = blocks * format.block_bytes();
        if !format.is_quantized() || !width.is_multiple_of(BLOCK) || bytes.len() != rows * row_bytes {
            return Err(Error::Weights(format!(
                "{} bytes are no matrix of {rows} × {width} in the format {format:?}",
                bytes.len()
            )));
        }
        let panel_blocks = rows.div_ceil(PANEL) * blocks;
        let per_block = lines_per_block(format);
        let mut lines = vec![Line([0; 64]); panel_blocks * per_block];
        let mut scales = vec![0; panel_blocks * PANEL];
        let mut minimums = vec![0; if format == Format::Q4_1 { panel_blocks * PANEL } else { 0 }];
        for row in 0..rows {
            let (panel, lane) = (row / PANEL, row % PANEL);
            let row_bytes = &bytes[row * row_bytes..][..row_bytes];
            for (index, block) in row_bytes.chunks_exact(format.block_bytes()).enumerate() {
                let at = panel * blocks + index;
                scales[at * PANEL + lane] = u16::from_le_bytes([block[0], block[1]]);
                if let Some(minimum) = minimums.get_mut(at * PANEL + lane) {
                    *minimum = u16::from_le_bytes([block[2], block[3]]);
                }
                let codes = &block[if format == Format::Q4_1 { 4 } else { 2 }..];
                // A signed byte becomes its distance from −128.
                let flip = if format == Format::Q8_0 { 0x80 } else { 0 };
                for (line, codes) in lines[at * per_block..].iter_mut().zip(codes.chunks_exact(4)) {
                    for (place, code) in line.0[4 * lane..4 * lane + 4].iter_mut().zip(codes) {
                        *place = code ^ flip;
                    }
                }
            }
        }
        Ok(Self { format, rows, width, lines, scales, minimums })
    }

    pub fn format(&self) -> Format {
        self.format
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn size_bytes(&self) -> usize {
        size_of_val(&*self.lines) + size_of_val(&*self.scales) + size_of_val(&*self.minimums)
    }

    pub(super) fn panels(&self) -> usize {
        self.rows.div_ceil(PANEL)
    }

    pub(super) fn blocks(&self) -> usize {
        self.width / BLOCK
    }

    pub(super) fn panel(&self, index: usize) -> Panel<'_> {
        let blocks = self.blocks();
        let lines = blocks * lines_per_block(self.format);
        let halves = blocks * PANEL;
        let minimums = if self.minimums.is_empty() { 0 } else { halves };
        Panel {
            lines: &self.lines[index * lines..][..lines],
            scales: &self.scales[index * halves..][..halves],
            minimums: &self.minimums[index * minimums..][..minimums],
        }
    }

    /// The weights of one row.
    pub fn row(&self, row: usize, values: &mut Vec<f32>) {
        let (panel, lane) = (self.panel(row / PANEL), row % PANEL);
        let per_block = lines_per_block(self.format);
        for (block, lines) in panel.lines.chunks_exact(per_block).enumerate() {
            let half =
                |halves: &[u16]| halves.get(block * PANEL + lane).map(|bits| f16::from_bits(*bits).to_f32());
            let scale = half(panel.scales).unwrap_or_default();
            let minimum = half(panel.minimums).unwrap_or_default();
            let codes = || lines.iter().flat_map(|line| &line.0[4 * lane..4 * lane + 4]);
            let offset = offset(self.format);
            let weight = |code: u8| scale * (i32::from(code) - offset) as f32 + minimum;
            if self.format == Format::Q8_0 {
                values.extend(codes().map(|code| weight(*code)));
            } else {
                values.extend(codes().map(|code| weight(code & 15)));
                values.extend(codes().map(|code| weight(code >> 4)));
            }
        }
    }

    /// All weights, row after row.
    pub fn dequantize(&self) -> Vec<f32> {
        let mut values = Vec::with_capacity(self.rows * self.width);
        for row in 0..self.rows {
            self.row(row, &mut values);
        }
        values
    }
}
