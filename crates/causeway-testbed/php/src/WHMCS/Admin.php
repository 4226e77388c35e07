<?php

namespace WHMCS;

/** The staff's page, as admin pages and old modules know it: global $aInt. */
class Admin
{
    /** @var string */
    public $title = '';
    /** @var string */
    public $sidebar = '';
    /** @var string */
    public $icon = '';
    /** @var string */
    public $helplink = '';
    /** @var string */
    public $content = '';
    /** @var string */
    public $jquerycode = '';
    /** @var string */
    public $jscode = '';

    public function lang($section, $key, $escape = '')
    {
        return \Lang::trans("$section.$key");
    }

    public function sortableTableInit($defaultSort, $defaultOrder = '')
    {
    }

    /** @param array $columns headings, each a text or [key, text]; @param array $rows cells in the headings' order */
    public function sortableTable($columns, $rows, $formAction = '', $formButtons = '', $topButtons = '', $tableId = '')
    {
        $html = '<table class="datatable"><tr>';
        foreach ($columns as $column) {
            $html .= '<th>' . (is_array($column) ? end($column) : $column) . '</th>';
        }
        foreach ((array) $rows as $row) {
            $html .= '</tr><tr><td>' . implode('</td><td>', (array) $row) . '</td>';
        }

        return $html . '</tr></table>';
    }

    public function __call($method, $arguments)
    {
        \Emulator\Missing::report(\Emulator\Missing::METHOD, self::class . "::$method");
        throw new \BadMethodCallException("the emulator lacks $method on the staff's page");
    }
}
