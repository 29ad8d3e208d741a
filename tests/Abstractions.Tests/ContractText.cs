using System.Reflection;
using System.Text;

namespace AptP2P.Abstractions.Tests;

/// <summary>The public contract as text: one line per type and member, sorted, so that a difference reads well.</summary>
internal static class ContractText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly contract)
    {
        var text = new StringBuilder($"contract {contract.GetName().Version}\n");
        foreach (var type in contract.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append('\n').Append(Kind(type)).Append(' ').Append(type.FullName);
            var bases = type.GetInterfaces()
                .Append(type.BaseType)
                .Where(b => b is not null && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum));
            text.AppendJoin("", bases.Select(b => " : " + Name(b!)).Order(StringComparer.Ordinal)).Append('\n');
            foreach (var line in Members(type).Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");
        }

        var properties = type.GetProperties(Declared)
            .Where(property => IsVisible(property.GetMethod) || IsVisible(property.SetMethod))
            .Select(Property);
        var methods = type.GetMethods(Declared)
            .Where(method => IsVisible(method) && !IsAccessor(method) && !IsGenerated(method))
            .Select(Method);
        var constructors = type.GetConstructors(Declared).Where(IsVisible).Select(constructor => $"new({Parameters(constructor)})");
        var fields = type.GetFields(Declared)
            .Where(field => field.IsPublic || field.IsFamily)
            .Select(field =>
                $"{(field.IsLiteral ? "const" : "field")} {field.Name}: {Name(field.FieldType)}"
                    + $"{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "")}");
        return [.. properties, .. methods, .. constructors, .. fields];
    }

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    /// <summary>What every record has: its parameters say it already.</summary>
    private static bool IsGenerated(MethodInfo method) =>
        method.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute));

    private static string Property(PropertyInfo property)
    {
        var set = property.SetMethod;
        var initOnly = set?.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") == true;
        var required = property.GetCustomAttributesData().Any(attribute => attribute.AttributeType.Name == "RequiredMemberAttribute");
        return $"{(required ? "required " : "")}{property.Name}: {Name(property.PropertyType)}{Mark(Nullability.Create(property))} {{ "
            + $"{(IsVisible(property.GetMethod) ? "get; " : "")}{(IsVisible(set) ? initOnly ? "init; " : "set; " : "")}}}";
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        return $"{(method.IsStatic ? "static " : "")}{method.Name}{generic}({Parameters(method)}): "
            + $"{Name(method.ReturnType)}{Mark(Nullability.Create(method.ReturnParameter))}";
    }

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter =>
            $"{(parameter.IsOut ? "out " : "")}{parameter.Name}: {Name(parameter.ParameterType)}{Mark(Nullability.Create(parameter))}"
            + (parameter.HasDefaultValue ? $" = {parameter.RawDefaultValue ?? "default"}" : "")));

    /// <summary>A question mark for a reference that may be null, or holds one that may (<c>Task&lt;T?&gt;</c>).</summary>
    private static string Mark(NullabilityInfo info) =>
        (info.ReadState == NullabilityState.Nullable && !info.Type.IsValueType ? "?" : "")
        + (
            info.GenericTypeArguments.Any(argument => argument.ReadState == NullabilityState.Nullable && !argument.Type.IsValueType)
                ? " (of nullable)"
                : "");

    private static string Name(Type type) =>
        type.IsByRef ? "ref " + Name(type.GetElementType()!)
        : type.IsArray ? Name(type.GetElementType()!) + "[]"
        : Nullable.GetUnderlyingType(type) is { } inner ? Name(inner) + "?"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
