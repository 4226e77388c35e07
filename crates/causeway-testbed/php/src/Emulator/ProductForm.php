<?php

namespace Emulator;

use Throwable;

/** The Module Settings tab of a product. */
final class ProductForm
{
    public static function show(array $arguments): array
    {
        $module = Arguments::text($arguments, 'module');
        $productId = Arguments::optionalId($arguments, 'product_id');
        if (!Modules::has($module, 'ConfigOptions')) {
            return ['fields' => []];
        }
        $definitions = Modules::call($module, 'ConfigOptions', null, ['producttype' => 'other', 'isAddon' => false]);
        if (!is_array($definitions)) {
            throw new UsageError("{$module}_ConfigOptions returned " . gettype($definitions) . ', not an array');
        }
        if (count($definitions) > 24) {
            throw new UsageError("{$module}_ConfigOptions defines " . count($definitions) . ' options; WHMCS keeps 24');
        }
        $params = self::params($module, $productId);
        $fields = [];
        foreach (array_keys($definitions) as $position => $name) {
            $definition = (array) $definitions[$name];
            $field = ['key' => 'configoption' . ($position + 1), 'name' => (string) ($definition['FriendlyName'] ?? $name), 'definition' => Recorder::describe($definition)];
            try {
                $field['choices'] = self::choices($definition, $params, $module);
            } catch (Throwable $error) {
                $field['choices'] = null;
                $field['error'] = $error->getMessage();
            }
            $fields[] = $field;
        }

        return ['fields' => $fields];
    }

    /** A loader gets the keys of the product's server. */
    private static function params(string $module, ?int $productId): array
    {
        $server = 0;
        $options = [];
        if ($productId !== null) {
            $product = Database::row('tblproducts', $productId);
            $server = Catalogue::serverOfGroup((int) $product->servergroup);
            for ($number = 1; $number <= 24; $number++) {
                $options["configoption$number"] = (string) $product->{"configoption$number"};
            }
        }

        return Parameters::server($server, $module) + $options;
    }

    private static function choices(array $definition, array $params, string $module)
    {
        if (isset($definition['Loader'])) {
            $loader = $definition['Loader'];
            $name = is_string($loader) ? $loader : '(loader)';
            return Recorder::call($module, $name, null, static function () use ($loader, $params) {
                return call_user_func($loader, $params);
            });
        }
        $options = $definition['Options'] ?? null;
        if (is_string($options)) {
            $parts = array_map('trim', explode(',', $options));
            $options = array_combine($parts, $parts);
        }

        return $options;
    }
}
