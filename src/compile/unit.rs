//! A unit from its files to its bytes.

use crate::known;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use bumpalo::Bump;

use super::{Context, Identified, Ignored, Locator, MadeOf, Meter, OutFile, Outcome, Pass, Sink};
use crate::asset::Made;
use crate::check;
use crate::diagnostic::Diagnostic;
use crate::model::DeviceId;
use crate::model::phonebook::Phonebook;
use crate::render::{Given, Rendered, template_context};
use crate::resolve::{BookChoice, Docs, Resolver, Site, Unit, Zones};
use crate::settings::{Device, FileId, Sensitivity};
use crate::vendor::{FilePlan, FileScope, Packs, Plan};

/// Vendor, file, book and most contacts: what the bytes of a book's file depend on.
type BookFile = (String, String, Option<BookChoice>, Option<usize>);

/// A file that depends on nothing but a book.
#[derive(Default)]
pub(super) struct BookBytes {
    pub bytes: Vec<u8>,
    /// Whether nothing was found while it was made.
    pub whole: bool,
}

/// What works on one unit.
pub struct Worker<'w, 'g: 'u, 'u> {
    /// What all units share.
    pub context: &'w Context<'g>,
    pub(super) packs: &'u Packs,
    /// The unit's files, parsed.
    pub docs: &'w Docs<'u>,
    /// The cascade.
    pub resolver: Resolver<'w, 'u>,
    /// The customer.
    pub site: Site<'u>,
    /// Whether it is the stock.
    pub is_stock: bool,
    /// Finds places again.
    pub locator: Locator<'w, 'g>,
    /// Findings.
    pub diagnostics: Vec<Diagnostic>,
    /// Settings that models do not read.
    pub ignored: BTreeSet<Ignored>,
    /// Extensions that a line uses.
    pub used_extensions: BTreeSet<usize>,
    /// Whether an exposed secret was told.
    pub exposed: bool,
    /// Who hears which pass the unit is in.
    pub meter: Option<Rc<dyn Meter>>,
    pub(super) arena: &'u Bump,
    pub(super) zones: Zones<'u>,
    pub(super) paths: Vec<String>,
    /// What the files of each device are made of.
    pub(super) made_of: BTreeMap<String, MadeOf>,
    books: RefCell<HashMap<BookChoice, Arc<Phonebook>>>,
    /// What each book is made of.
    pub(super) book_sums: RefCell<HashMap<BookChoice, MadeOf>>,
    book_files: HashMap<BookFile, Arc<BookBytes>>,
    wanted_books: BTreeMap<(String, String), (Arc<Plan>, String, BookChoice)>,
    /// Files of the customer that settings may name, and those that they name.
    pub(super) own_assets: BTreeMap<Arc<str>, FileId>,
    pub(super) used_assets: BTreeSet<Arc<str>>,
    /// What the files of settings were made into, by path below the site, with the pack of a phone that fetches it.
    pub(super) wanted_assets: BTreeMap<String, (Arc<Made>, String)>,
}

/// Compiles a unit; its files go to `sink`.
pub fn compile(context: &Context<'_>, unit: &Unit<'_>, sink: &mut dyn Sink) -> std::io::Result<Outcome> {
    let arena = Bump::new();
    let mut diagnostics = Vec::new();
    let meter = sink.meter();
    let enter = |pass| meter.iter().for_each(|meter| _ = meter.enter(pass));
    enter(Pass::Load);
    let docs = unit.read(context.tree, &context.fleet, &arena, &mut diagnostics);
    let mut worker = Worker::new(context, unit, &docs, &arena);
    worker.diagnostics = diagnostics;
    worker.meter = meter.clone();
    enter(Pass::Resolve);
    let mut rendered = Rendered::default();
    let mut identified = Vec::new();
    let mut raw = BTreeMap::new();
    worker.within(Pass::Check, check::customer);
    for (doc, place) in &docs.devices {
        if let Some(id) = &doc.id {
            let node = match id.value {
                DeviceId::Uuid(uuid) => uuid.node().map(|mac| mac.to_string()),
                _ => None,
            };
            identified.push(Identified {
                id: id.value.to_string(),
                node,
                path: doc.path.to_string(),
                span: (id.span.start, id.span.end),
                customer: unit.customer.clone(),
            });
        }
        if let Some(compiled) = worker.resolve(doc, *place) {
            if !compiled.device.raw.is_empty() {
                raw.insert(compiled.id.to_string(), compiled.device.raw.iter().map(|(name, _)| (*name).to_owned()).collect());
            }
            worker.within(Pass::Render, |worker| worker.render(&compiled, &mut rendered, sink))?;
        }
    }
    worker.within(Pass::Render, |worker| worker.render_books(sink))?;
    worker.hand_over_assets(sink)?;
    worker.within(Pass::Check, check::unused_extensions);
    enter(Pass::Write);
    let contents = docs.contents.iter().copied().chain(worker.asset_contents()).collect();
    Ok(Outcome {
        customer: unit.customer.clone(),
        diagnostics: worker.diagnostics,
        identified,
        ignored: worker.ignored.into_iter().collect(),
        devices: docs.devices.len(),
        paths: worker.paths,
        made_of: worker.made_of,
        raw,
        contents,
        assets: worker.used_assets.iter().map(|path| path.to_string()).collect(),
    })
}

impl<'w, 'g: 'u, 'u> Worker<'w, 'g, 'u> {
    /// A worker for a unit that was read.
    pub fn new(context: &'w Context<'g>, unit: &'w Unit<'_>, docs: &'w Docs<'u>, arena: &'u Bump) -> Self {
        let customer: &'u str = arena.alloc_str(&unit.customer);
        let site = Site {
            customer,
            base_url: context.fleet.base_url,
            layout: context.fleet.layout,
            key: context.key.customer(customer),
            as_of: context.as_of,
        };
        Worker {
            context,
            packs: context.packs,
            docs,
            resolver: Resolver::new(&context.fleet, docs, &unit.msps, &context.pack_files, arena),
            site,
            is_stock: unit.is_stock,
            locator: Locator::new(context),
            diagnostics: Vec::new(),
            ignored: BTreeSet::new(),
            used_extensions: BTreeSet::new(),
            exposed: false,
            meter: None,
            arena,
            zones: Zones::default(),
            paths: Vec::new(),
            made_of: BTreeMap::new(),
            books: RefCell::default(),
            book_sums: RefCell::default(),
            book_files: HashMap::new(),
            wanted_books: BTreeMap::new(),
            own_assets: unit.assets(),
            used_assets: BTreeSet::new(),
            wanted_assets: BTreeMap::new(),
        }
    }

    /// Visits the layers above a device of a model, lowest first.
    pub fn layers(&self, place: usize, plan: &Plan, visit: &mut dyn FnMut(&'static str, &crate::resolve::Layer<'u>)) {
        if let Some(pack) = self.packs.get(&plan.pack.id)
            && let Some(model) = pack.model(plan.model.short())
        {
            self.resolver.each_layer(place, pack, model, visit);
        }
    }

    /// Owns what lives as long as the unit.
    pub fn arena(&self) -> &'u Bump {
        self.arena
    }

    /// Keeps a text as long as the unit.
    pub fn keep(&self, text: &str) -> &'u str {
        self.arena.alloc_str(text)
    }

    /// The book of a device: the one it names, else the nearest upward, else the customer's extensions.
    pub(super) fn choose_book(&mut self, device: &Device<'u>, place: usize, plan: &Plan) -> Option<BookChoice> {
        let sources = device.slot(known!("phonebook.sources"));
        let has = |name: &str| BookChoice::takes(sources.value, name);
        let named = device.slot(known!("phonebook.name"));
        let place = match named.value.str() {
            Some("none") => return None,
            Some(name) => match self.docs.books.iter().position(|book| book.name == name) {
                Some(found) => Some(found),
                None => {
                    check::unknown_book(self, named, name);
                    return None;
                }
            },
            None => self.docs.nearest_book(place),
        };
        let is_read = plan.files.iter().any(|file| file.spec.uses.iter().any(|name| name.starts_with("phonebook.")));
        let title = device.slot(known!("phonebook.title")).value.str().unwrap_or(self.docs.name).to_owned();
        let choice = BookChoice { book: place, extensions: has("extensions"), contacts: has("contacts"), title };
        let is_empty = (!choice.extensions || self.docs.extensions.is_empty())
            && (!choice.contacts || place.is_none_or(|place| self.docs.books[place].contacts.is_empty()));
        (is_read && !is_empty).then_some(choice)
    }

    pub(super) fn book_url(&self, device: &Device<'u>, plan: &Plan, book: &BookChoice) -> Option<&'u str> {
        let file = plan.files.iter().find(|file| file.spec.scope == FileScope::Directory)?;
        let base = device.slot(known!("prov.base_url")).value.str().unwrap_or(self.site.base_url).trim_end_matches('/');
        Some(self.arena.alloc_str(&format!("{base}/{}", self.book_path(plan, file, book))))
    }

    fn book_path(&self, plan: &Plan, file: &FilePlan, book: &BookChoice) -> String {
        let name = book.name(self.docs, self.site.customer);
        format!("{}/{}", self.site.book_folder(&plan.pack.id, &name), file.name("", self.site.customer))
    }

    pub(super) fn want_book(&mut self, plan: &Arc<Plan>, file: &FilePlan, book: &BookChoice) {
        let path = self.book_path(plan, file, book);
        let key = (path, file.spec.id.clone());
        self.wanted_books.entry(key).or_insert_with(|| (plan.clone(), file.spec.id.clone(), book.clone()));
    }

    /// The contents of a book.
    pub(super) fn book_of(&self, choice: &BookChoice) -> Arc<Phonebook> {
        self.books.borrow_mut().entry(choice.clone()).or_insert_with(|| Arc::new(choice.assemble(self.docs))).clone()
    }

    /// The bytes of a file that depends on nothing but a book, made once.
    pub(super) fn book_file(&mut self, plan: &Plan, file: &FilePlan, choice: Option<&BookChoice>, limit: Option<usize>) -> Arc<BookBytes> {
        let key = (plan.pack.id.clone(), file.spec.id.clone(), choice.cloned(), limit);
        if let Some(made) = self.book_files.get(&key) {
            return made.clone();
        }
        let before = self.diagnostics.len();
        let book = choice.map(|choice| self.book_of(choice));
        if let (Some(book), Some(limit)) = (&book, limit) {
            check::book_limit(self, book.contacts.len(), limit, &plan.pack.name);
        }
        let title = choice.map_or(self.docs.name, |choice| choice.title.as_str());
        let given = Given { device: None, vars: &toml::Table::new(), book: book.as_deref(), title, limit };
        let context = template_context(&file.spec.uses, &given);
        let rendered = self.context.templates.render(&plan.pack, &file.spec, &context, "");
        let bytes = rendered.unwrap_or_else(|found| {
            self.diagnostics.push(found);
            Vec::new()
        });
        let made = Arc::new(BookBytes { bytes, whole: self.diagnostics.len() == before });
        self.book_files.insert(key, made.clone());
        made
    }

    /// Renders the books that devices wanted.
    pub fn render_books(&mut self, sink: &mut dyn Sink) -> std::io::Result<()> {
        for ((path, id), (plan, _, book)) in std::mem::take(&mut self.wanted_books) {
            let Some(file) = plan.files.iter().find(|file| file.spec.id == id) else { continue };
            let limit = plan.model.contacts.or(file.spec.limit);
            let made = self.book_file(&plan, file, Some(&book), limit);
            let out = OutFile {
                path,
                device: None,
                vendor: &plan.pack.id,
                kind: &file.spec.id,
                content_type: &file.spec.content_type,
                sensitivity: Sensitivity::Personal,
                immutable: false,
            };
            sink.take(&out, &made.bytes)?;
            self.paths.push(out.path);
        }
        Ok(())
    }
}
