<?php

namespace Emulator\Sql;

use PDO;
use PDOStatement;
use ReturnTypeWillChange;

/** Gives DECIMAL columns back as MySQL does: as strings with two decimals. */
final class Statement extends PDOStatement
{
    protected function __construct()
    {
    }

    #[ReturnTypeWillChange]
    public function fetch($mode = PDO::FETCH_BOTH, $cursorOrientation = PDO::FETCH_ORI_NEXT, $cursorOffset = 0)
    {
        $row = parent::fetch(...func_get_args());

        return $row === false ? false : $this->withDecimals([$row])[0];
    }

    #[ReturnTypeWillChange]
    public function fetchAll($mode = PDO::FETCH_BOTH, ...$args)
    {
        return $this->withDecimals(parent::fetchAll(...func_get_args()));
    }

    private function withDecimals(array $rows): array
    {
        if ($rows === []) {
            return $rows;
        }
        foreach ($this->decimalColumns() as $position => $name) {
            foreach ($rows as &$row) {
                if (is_array($row)) {
                    foreach ([$name, $position] as $key) {
                        if (isset($row[$key]) && !is_string($row[$key])) {
                            $row[$key] = self::format($row[$key]);
                        }
                    }
                } elseif (is_object($row) && isset($row->$name) && is_numeric($row->$name)) {
                    $row->$name = self::format($row->$name);
                }
            }
            unset($row);
        }

        return $rows;
    }

    private static function format($amount): string
    {
        return number_format((float) $amount, 2, '.', '');
    }

    private function decimalColumns(): array
    {
        $columns = [];
        for ($position = 0; $position < $this->columnCount(); $position++) {
            $meta = $this->getColumnMeta($position);
            if (strncasecmp($meta['sqlite:decl_type'] ?? '', 'decimal', 7) === 0) {
                $columns[$position] = $meta['name'];
            }
        }

        return $columns;
    }
}
