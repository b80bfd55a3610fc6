//! Every kernel for the GPU is valid WGSL, found out without a GPU.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use naga::valid::{Capabilities, ValidationFlags, Validator};

fn shaders() -> Vec<PathBuf> {
    let kernels = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/kernels"));
    let folders = std::fs::read_dir(kernels).unwrap().map(|entry| entry.unwrap().path());
    let inside = folders.filter(|path| path.is_dir()).flat_map(|folder| std::fs::read_dir(folder).unwrap());
    inside
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wgsl"))
        .collect()
}

#[test]
fn every_shader_is_valid_without_any_optional_feature() {
    let shaders = shaders();
    assert!(shaders.len() >= 11, "{shaders:?}");
    for path in shaders {
        let source = std::fs::read_to_string(&path).unwrap();
        let module = naga::front::wgsl::parse_str(&source).unwrap_or_else(|error| {
            panic!("{}", error.emit_to_string_with_path(&source, &path.to_string_lossy()))
        });
        Validator::new(ValidationFlags::all(), Capabilities::empty())
            .validate(&module)
            .unwrap_or_else(|error| panic!("{}: {}", path.display(), error.emit_to_string(&source)));
        assert_eq!(module.entry_points.len(), 1, "{}", path.display());
        assert!(source.starts_with("// "), "{} opens with its formula", path.display());
    }
}
