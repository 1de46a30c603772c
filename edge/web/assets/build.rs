//! Rebuilds when the built screens change, and says so when there are none.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=dist");
    if !Path::new("dist/pos/index.html").exists() {
        println!("cargo:warning=no screens in edge/web/assets/dist; run make build");
    }
}
