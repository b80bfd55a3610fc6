//! Accessibility by axe-core, on the page as it stands.

use serde_json::json;

use super::Browser;

const AXE_VARIABLE: &str = "MITBADAK_TEST_AXE";

const RUN: &str = "
    const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'] }).then(
        result => done(result.violations.flatMap(violation => violation.nodes.map(node =>
            `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary}`))),
        error => done([String(error)]));
";

impl Browser {
    /// Fails with every violation on the page.
    pub fn assert_accessible(&self, what: &str) {
        let path = std::env::var(AXE_VARIABLE).expect("xtask says where axe-core is");
        let axe = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        self.run(&axe, vec![]);
        let found = self.run_later(RUN, vec![]);
        assert_eq!(found, json!([]), "{what}");
    }

    /// In both themes and at both widths; the page stands still while it is looked at.
    pub fn assert_accessible_everywhere(&self, what: &str) {
        for scheme in ["light", "dark"] {
            self.colour_scheme(scheme);
            self.assert_accessible(&format!("{what}, {scheme}"));
        }
        self.size(390, 844);
        let overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(self.run(overflow, vec![]), 0, "{what} is wider than a phone");
        self.assert_accessible(&format!("{what} on a phone"));
        self.size(1280, 900);
    }
}
