//! How large a file may be.

use super::Finding;
use super::files::File;

const LINE_LIMIT: usize = 600;
const SIZE_LIMIT_BYTES: u64 = 5_000_000;
const HAND_WRITTEN: &[&str] = &["rs", "wgsl", "cu", "css", "ts", "py"];

/// Written by a program that is in the repository; nobody edits them.
const GENERATED: &[&str] = &[];

/// A file that nobody can read in one sitting becomes two.
pub fn long_files(files: &[File]) -> Vec<Finding> {
    let hand_written =
        files.iter().filter(|file| file.has_extension(HAND_WRITTEN) && !GENERATED.contains(&&*file.path));
    hand_written
        .map(|file| (file, file.text().lines().count()))
        .filter(|(_, lines)| *lines > LINE_LIMIT)
        .map(|(file, lines)| {
            let message =
                format!("{lines} lines, at most {LINE_LIMIT}: split it by what its parts are about");
            Finding::new(&file.path, message)
        })
        .collect()
}

/// Git keeps every byte for ever.
pub fn large_files(files: &[File]) -> Vec<Finding> {
    let large = files.iter().filter(|file| file.size_bytes > SIZE_LIMIT_BYTES);
    large
        .map(|file| {
            let message =
                format!("{} bytes, at most {SIZE_LIMIT_BYTES}: make it when needed", file.size_bytes);
            Finding::new(&file.path, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_601_lines_is_refused_and_one_of_600_is_not() {
        let files = [
            File::new("model/src/long.rs", &"x\n".repeat(601)),
            File::new("model/src/full.rs", &"x\n".repeat(600)),
            File::new("docs/long.md", &"x\n".repeat(601)),
        ];
        let places: Vec<String> = long_files(&files).into_iter().map(|finding| finding.place).collect();
        assert_eq!(places, ["model/src/long.rs"]);
    }

    #[test]
    fn a_file_of_more_than_five_megabytes_is_refused() {
        let mut file = File::new("golden.safetensors", "");
        file.size_bytes = SIZE_LIMIT_BYTES;
        assert_eq!(large_files(std::slice::from_ref(&file)), []);
        file.size_bytes += 1;
        assert_eq!(large_files(&[file]).len(), 1);
    }
}
