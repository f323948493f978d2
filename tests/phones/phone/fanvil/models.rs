//! What models have of their own: the common file that they ask for, and how many keys a page shows.

/// The name of a model's common file, with what its maker pads it.
pub fn common_file(model: &str) -> Option<&'static str> {
    COMMON.iter().find(|(known, _)| *known == model).map(|(_, file)| *file)
}

#[rustfmt::skip]
const COMMON: &[(&str, &str)] = &[
    ("C58", "f0C00580000.cfg"), ("C62", "f0C00620000.cfg"), ("H2UV2", "F0V2UV200000.cfg"), ("V61G", "F0VV61G00000.cfg"),
    ("V61W", "F0VV61W00000.cfg"), ("V62", "F0VV6200000.cfg"), ("V62Pro", "F0V0V6210000.cfg"), ("V63", "F0V0V6300000.cfg"),
    ("V64", "F0V0V6400000.cfg"), ("V65", "F0V0V6500000.cfg"), ("V66", "F0V0V6600000.cfg"), ("V67", "F0V0V6700000.cfg"),
    ("W610W", "F0V610W00000.cfg"), ("W611W", "F0V611W00000.cfg"), ("W620W", "F0V620W00000.cfg"), ("X2", "f0X2hw1.100.cfg"),
    ("X210", "F0V00X200000.cfg"), ("X3", "F0V00X300000.cfg"), ("X3S", "f0X3shw1.100.cfg"), ("X3SG", "f0X3sghw1.100.cfg"),
    ("X4", "f0X4hw1.100.cfg"), ("X5", "f0X5hw1.100.cfg"), ("X5S", "F0V00X5S0000.cfg"), ("X5UV2", "F0V5UV200000.cfg"),
    ("X6", "F0V00X600000.cfg"),
];

/// Keys of a page below the screen, and of one beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    pub function: u32,
    pub side: u32,
}

pub fn pages(model: &str) -> Option<Pages> {
    PAGES.iter().find(|(known, ..)| *known == model).map(|(_, function, side)| Pages { function: *function, side: *side })
}

#[rustfmt::skip]
const PAGES: &[(&str, u32, u32)] = &[
    ("H2UV2", 10, 0), ("V66", 29, 0), ("V67", 29, 0), ("W610W", 8, 0), ("W611W", 8, 0), ("W620W", 8, 0),
    ("X210", 32, 10), ("X210Pro", 32, 10), ("X210V2", 32, 10), ("X210i", 32, 10), ("X4U", 6, 3), ("X4UPro", 6, 6),
    ("X4UV2", 6, 6), ("X5U", 6, 4), ("X5UPro", 6, 5), ("X5UV2", 6, 5), ("X6", 12, 0), ("X6U", 12, 5), ("i51W", 3, 0),
    ("i52W", 3, 0), ("i53W", 3, 0),
];
