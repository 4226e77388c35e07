<?php

use WHMCS\Database\Capsule;

/** WHMCS's query functions of old, deprecated and still called. */

function select_query($table, $fields, $where, $orderby = '', $orderbyorder = '', $limit = '', $innerjoin = '')
{
    [$condition, $bindings] = emulator_where($where);
    $sql = "SELECT $fields FROM $table";
    if ($innerjoin !== '') {
        $sql .= " INNER JOIN $innerjoin";
    }
    $sql .= $condition;
    if ($orderby !== '') {
        $sql .= " ORDER BY $orderby " . ($orderbyorder ?: 'ASC');
    }
    if ($limit !== '') {
        $sql .= " LIMIT $limit";
    }

    return emulator_statement($sql, $bindings);
}

function insert_query($table, $array)
{
    $columns = array_keys($array);
    $marks = implode(', ', array_fill(0, count($columns), '?'));
    $values = array_map(static function ($value) {
        return $value === 'now()' ? \Emulator\Clock::now() : $value;
    }, array_values($array));
    emulator_statement("INSERT INTO $table (`" . implode('`, `', $columns) . "`) VALUES ($marks)", $values);

    return (int) Capsule::connection()->getPdo()->lastInsertId();
}

function update_query($table, $array, $where)
{
    [$condition, $bindings] = emulator_where($where);
    $parts = [];
    $values = [];
    foreach ($array as $column => $value) {
        if (in_array($value, ['now()', '+1'], true)) {
            $parts[] = $value === '+1' ? "`$column` = `$column` + 1" : "`$column` = now()";
            continue;
        }
        $parts[] = "`$column` = ?";
        $values[] = $value;
    }

    return emulator_statement("UPDATE $table SET " . implode(', ', $parts) . $condition, array_merge($values, $bindings));
}

function delete_query($table, $where)
{
    [$condition, $bindings] = emulator_where($where);

    return emulator_statement("DELETE FROM $table$condition", $bindings);
}

function full_query($query, $userHandle = null)
{
    return emulator_statement((string) $query, []);
}

function get_query_val($table, $field, $where, $orderby = '', $orderbyorder = '', $limit = '', $innerjoin = '')
{
    $row = select_query($table, $field, $where, $orderby, $orderbyorder, $limit, $innerjoin)->fetch(PDO::FETCH_NUM);

    return $row === false ? null : $row[0];
}

function get_query_vals($table, $fields, $where, $orderby = '', $orderbyorder = '', $limit = '', $innerjoin = '')
{
    $row = select_query($table, $fields, $where, $orderby, $orderbyorder, $limit, $innerjoin)->fetch(PDO::FETCH_ASSOC);

    return $row === false ? null : $row;
}

/** The PHP 5 functions that WHMCS keeps alive. */

if (!function_exists('mysql_fetch_array')) {
    function mysql_fetch_array($result, $mode = 3)
    {
        return $result->fetch($mode === 1 ? PDO::FETCH_ASSOC : ($mode === 2 ? PDO::FETCH_NUM : PDO::FETCH_BOTH));
    }

    function mysql_fetch_assoc($result)
    {
        return $result->fetch(PDO::FETCH_ASSOC);
    }

    function mysql_fetch_object($result)
    {
        return $result->fetch(PDO::FETCH_OBJ);
    }

    function mysql_fetch_row($result)
    {
        return $result->fetch(PDO::FETCH_NUM);
    }

    /** SQLite does not tell how many rows a query has, so it runs again and is counted. */
    function mysql_num_rows($result)
    {
        $again = Capsule::connection()->getPdo()->prepare($result->queryString);
        $again->execute($GLOBALS['emulator_bindings'][spl_object_id($result)] ?? []);

        return count($again->fetchAll());
    }

    function mysql_insert_id()
    {
        return (int) Capsule::connection()->getPdo()->lastInsertId();
    }

    function mysql_real_escape_string($text)
    {
        return str_replace("'", "''", (string) $text);
    }

    function mysql_error()
    {
        return '';
    }
}

/** @internal a where clause from WHMCS's array form, or as written */
function emulator_where($where)
{
    if (!is_array($where)) {
        return [trim((string) $where) === '' ? '' : " WHERE $where", []];
    }
    $parts = [];
    $bindings = [];
    foreach ($where as $column => $value) {
        $name = strpos($column, '.') === false && strpos($column, '`') === false ? "`$column`" : $column;
        if (is_array($value)) {
            $types = ['LIKE' => "LIKE", 'NEQ' => '!=', '>' => '>', '<' => '<', '>=' => '>=', '<=' => '<='];
            $type = $value['sqltype'] ?? '=';
            $parts[] = $name . ' ' . ($types[$type] ?? '=') . ' ?';
            $bindings[] = $type === 'LIKE' ? '%' . $value['value'] . '%' : ($value['value'] ?? '');
            continue;
        }
        $parts[] = "$name = ?";
        $bindings[] = $value;
    }

    return [$parts === [] ? '' : ' WHERE ' . implode(' AND ', $parts), $bindings];
}

/** @internal */
function emulator_statement($sql, array $bindings)
{
    $statement = Capsule::connection()->getPdo()->prepare($sql);
    $statement->execute($bindings);
    $GLOBALS['emulator_bindings'][spl_object_id($statement)] = $bindings;

    return $statement;
}
