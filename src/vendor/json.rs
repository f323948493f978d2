//! JSON files: rows land in members of nested objects by path, and are found there again.

use serde_json::{Map, Value};

use super::plan::Entry;

/// Where the parameters of a JSON file stand.
pub struct JsonShape {
    paths: Vec<Vec<String>>,
}

impl JsonShape {
    /// Takes each name apart at its slashes. The error names a parameter that would stand inside another's text.
    pub fn compile(entries: &[Entry]) -> Result<JsonShape, String> {
        let paths: Vec<Vec<String>> = entries.iter().map(|entry| entry.name.split('/').map(str::to_owned).collect()).collect();
        let inside = |outer: &Vec<String>| paths.iter().any(|path| path.len() > outer.len() && path.starts_with(outer));
        match paths.iter().position(inside) {
            Some(place) => Err(format!("`{}` is a value and holds others", entries[place].name)),
            None => Ok(JsonShape { paths }),
        }
    }

    /// Appends the file. `raw` are parameters that no row writes.
    pub fn write<'v>(&self, values: impl Iterator<Item = (u32, &'v str)>, raw: &[(String, &str)], out: &mut Vec<u8>) -> Result<(), String> {
        let mut root = Map::new();
        for (entry, value) in values {
            insert(&mut root, &self.paths[entry as usize], value)?;
        }
        for (name, value) in raw {
            let path: Vec<String> = name.split('/').map(str::to_owned).collect();
            insert(&mut root, &path, value)?;
        }
        serde_json::to_writer_pretty(&mut *out, &Value::Object(root)).map_err(|error| error.to_string())?;
        out.push(b'\n');
        Ok(())
    }

    /// The parameters of a file: which entry a value is, and the value.
    pub fn read(&self, text: &str) -> Result<Vec<(Vec<u32>, String)>, String> {
        let root: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let found = self.paths.iter().enumerate().filter_map(|(entry, path)| {
            let value = path.iter().try_fold(&root, |at, name| at.get(name))?;
            Some((vec![entry as u32], value.as_str()?.to_owned()))
        });
        Ok(found.collect())
    }
}

fn insert(root: &mut Map<String, Value>, path: &[String], value: &str) -> Result<(), String> {
    let Some((last, above)) = path.split_last() else { return Ok(()) };
    let mut at = root;
    for name in above {
        let next = at.entry(name.as_str()).or_insert_with(|| Value::Object(Map::new()));
        at = next.as_object_mut().ok_or_else(|| format!("`{name}` is a value and cannot hold `{last}`"))?;
    }
    at.insert(last.clone(), Value::String(value.to_owned()));
    Ok(())
}
