<?php

namespace Emulator;

use DOMDocument;
use DOMElement;
use DOMXPath;

/** What a browser sends of the fields in a piece of HTML when nobody has touched them. */
final class FormFields
{
    public static function of(string $html): array
    {
        if (trim($html) === '') {
            return [];
        }
        $document = new DOMDocument();
        $wereErrorsInternal = libxml_use_internal_errors(true);
        $document->loadHTML('<?xml encoding="utf-8"?><form>' . $html . '</form>');
        libxml_clear_errors();
        libxml_use_internal_errors($wereErrorsInternal);
        $pairs = [];
        foreach ((new DOMXPath($document))->query('//input[@name]|//textarea[@name]|//select[@name]') as $field) {
            foreach (self::values($field) as $value) {
                $pairs[] = urlencode($field->getAttribute('name')) . '=' . urlencode($value);
            }
        }
        parse_str(implode('&', $pairs), $sent);

        return $sent;
    }

    /** @return string[] */
    private static function values(DOMElement $field): array
    {
        if ($field->nodeName === 'textarea') {
            return [$field->textContent];
        }
        if ($field->nodeName === 'select') {
            $chosen = $field->getElementsByTagName('option')->item(0);
            foreach ($field->getElementsByTagName('option') as $option) {
                if ($option->hasAttribute('selected')) {
                    $chosen = $option;
                }
            }
            return $chosen === null ? [] : [$chosen->hasAttribute('value') ? $chosen->getAttribute('value') : $chosen->textContent];
        }
        $type = strtolower($field->getAttribute('type'));
        if (in_array($type, ['submit', 'button', 'reset', 'image', 'file'], true)) {
            return [];
        }
        if (in_array($type, ['checkbox', 'radio'], true)) {
            return $field->hasAttribute('checked') ? [$field->hasAttribute('value') ? $field->getAttribute('value') : 'on'] : [];
        }

        return [$field->getAttribute('value')];
    }
}
