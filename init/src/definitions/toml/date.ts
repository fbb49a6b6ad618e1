// In place of smol-toml's dist/date.js, which needs the language's Date: a date is no value of any key.

export class TomlDate {
	isValid(): boolean {
		return true;
	}
}
