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
        Request::current()->onExit(static function (string $printed) use ($productId): array {
            return self::drawnByModule($printed, $productId);
        });
        self::fillRequest($module, $productId, 'module-settings');
        [$above, $below] = $productId === null ? ['', ''] : self::hooks($productId);
        if (!Modules::has($module, 'ConfigOptions')) {
            return ['fields' => [], 'content' => $above . $below];
        }
        try {
            $definitions = Modules::call($module, 'ConfigOptions', null, ['producttype' => 'other', 'isAddon' => false]);
        } catch (Throwable $error) {
            return ['fields' => [], 'error' => $error->getMessage()];
        }
        if (!is_array($definitions)) {
            return ['fields' => [], 'error' => "{$module}_ConfigOptions returned " . gettype($definitions) . ', not an array'];
        }
        if (count($definitions) > 24) {
            return ['fields' => [], 'error' => "{$module}_ConfigOptions defines " . count($definitions) . ' options; WHMCS keeps 24'];
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

        return ['fields' => $fields, 'content' => $above . $below];
    }

    /** Some modules draw the tab themselves, and end the request with JSON in which the page stands. Its fields are posted with the next save. */
    private static function drawnByModule(string $printed, ?int $productId): array
    {
        $answer = json_decode($printed, true);
        $content = is_array($answer) && is_string($answer['content'] ?? null) ? $answer['content'] : $printed;
        if ($productId !== null) {
            Database::table('emulator_drawn_settings')->updateOrInsert(['product_id' => $productId], ['fields' => (string) json_encode(FormFields::of($content))]);
        }

        return ['fields' => [], 'content' => $content];
    }

    /** Staff press Save: WHMCS asks the module once more, and those that draw the tab themselves save what was posted. */
    public static function save(int $productId): void
    {
        $module = (string) Database::row('tblproducts', $productId)->servertype;
        if (!is_file(Modules::folder($module) . "/$module.php") || !Modules::has($module, 'ConfigOptions')) {
            return;
        }
        self::fillRequest($module, $productId, 'save');
        $drawn = (array) json_decode((string) Database::table('emulator_drawn_settings')->where('product_id', $productId)->value('fields'), true);
        $_POST += $drawn;
        $_REQUEST += $drawn;
        try {
            Modules::call($module, 'ConfigOptions', null, ['producttype' => 'other', 'isAddon' => false]);
        } catch (Throwable $error) {
            // The record has it; what was entered is saved all the same.
            return;
        }
    }

    /** What the browser sends from the form. */
    private static function fillRequest(string $module, ?int $productId, string $action): void
    {
        $product = $productId === null ? null : Database::row('tblproducts', $productId);
        $sent = ['id' => (string) $productId, 'action' => $action, 'module' => $module, 'servertype' => $module, 'servergroup' => $product === null ? '' : (string) $product->servergroup];
        $_POST += $sent;
        $_REQUEST += $sent;
    }

    /** @return array{0: string, 1: string} what hooks put around the form */
    private static function hooks(int $productId): array
    {
        [$above, $below] = PageHooks::aroundStaffsPage();
        foreach (Hooks::run('AdminProductConfigFields', ['pid' => $productId]) as $fields) {
            foreach (is_array($fields) ? $fields : [] as $label => $field) {
                $above .= "<tr><td>$label</td><td>$field</td></tr>\n";
            }
        }

        return [$above, $below];
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
