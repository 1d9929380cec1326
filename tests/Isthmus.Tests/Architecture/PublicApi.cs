// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Text;

namespace Isthmus.Tests.Architecture;

/// <summary>The public surface of an assembly as sorted lines of text, so that a change of it is seen in a review.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What the compiler writes for every record; listing it would bury what somebody chose.
    private static readonly string[] RecordMembers = ["PrintMembers", "<Clone>$", "Deconstruct", "op_Equality", "op_Inequality", "Equals", "GetHashCode", "ToString", "EqualityContract", "get_EqualityContract"];

    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().Where(type => !type.FullName!.Contains('<')).SelectMany(Lines).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type)
    {
        var name = Name(type);
        yield return $"{Kind(type)} {name}{Bases(type)}";
        if (type.IsEnum)
        {
            foreach (var value in Enum.GetNames(type))
            {
                yield return $"{name}.{value} = {Convert.ToInt64(Enum.Parse(type, value), System.Globalization.CultureInfo.InvariantCulture)}";
            }

            yield break;
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield return $"{name}{Signature(type.GetMethod("Invoke")!)}";
            yield break;
        }

        var isRecord = type.GetMethod("PrintMembers", Declared) is not null;
        foreach (var constructor in type.GetConstructors(Declared).Where(IsVisible))
        {
            yield return $"{name}.{type.Name.Split('`')[0]}({Parameters(constructor)})";
        }

        foreach (var field in type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly))
        {
            yield return $"{name}.{field.Name} : {(field.IsLiteral ? "const " : field.IsInitOnly ? "readonly " : "")}{(field.IsStatic && !field.IsLiteral ? "static " : "")}{Name(field.FieldType)}";
        }

        foreach (var property in type.GetProperties(Declared))
        {
            var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).ToArray();
            if (accessors.Length > 0 && !(isRecord && property.Name == "EqualityContract"))
            {
                yield return $"{name}.{property.Name}{Indexer(property)} : {Modifiers(accessors[0])}{Name(property.PropertyType)} {{ {string.Join(' ', accessors.Select(Accessor).Order(StringComparer.Ordinal))} }}";
            }
        }

        foreach (var method in type.GetMethods(Declared).Where(IsVisible))
        {
            var isAccessor = method.IsSpecialName && (method.Name.StartsWith("get_", StringComparison.Ordinal) || method.Name.StartsWith("set_", StringComparison.Ordinal)) && type.GetProperty(method.Name[4..], Declared) is not null;
            if (!isAccessor && !(isRecord && RecordMembers.Contains(method.Name)) && !method.Name.Contains('<'))
            {
                yield return $"{name}.{method.Name}{Signature(method)}";
            }
        }
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Bases(Type type)
    {
        if (type.IsEnum || typeof(Delegate).IsAssignableFrom(type))
        {
            return "";
        }

        var inherited = (type.BaseType?.GetInterfaces() ?? []).Concat(type.GetInterfaces().SelectMany(implemented => implemented.GetInterfaces())).ToHashSet();
        var bases = type.GetInterfaces().Where(implemented => implemented.IsVisible && !inherited.Contains(implemented)).Select(Name).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            bases.Insert(0, Name(parent));
        }

        return bases.Count == 0 ? "" : " : " + string.Join(", ", bases);
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Accessor(MethodInfo accessor) =>
        accessor.Name.StartsWith("get_", StringComparison.Ordinal) ? "get;"
        : accessor.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") ? "init;"
        : "set;";

    private static string Modifiers(MethodInfo method) => (method.IsStatic ? "static " : "") + (method is { IsAbstract: true, DeclaringType.IsInterface: false } ? "abstract " : "");

    private static string Indexer(PropertyInfo property) =>
        property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(parameter => Name(parameter.ParameterType)))}]" : "";

    private static string Signature(MethodInfo method) =>
        $"{(method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "")}({Parameters(method)}) : {Modifiers(method)}{Name(method.ReturnType)}";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter) =>
        $"{(parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "")}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = …" : "")}";

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        var name = new StringBuilder(type.IsNested ? $"{Name(type.DeclaringType!)}.{type.Name}" : IsOurs(type) ? type.FullName ?? $"{type.Namespace}.{type.Name}" : type.Name);
        if (type.IsGenericType)
        {
            var text = type.IsNested ? name.ToString() : IsOurs(type) ? $"{type.Namespace}.{type.Name}" : type.Name;
            name.Clear().Append(text.Split('`')[0]).Append('<').AppendJoin(", ", type.GetGenericArguments().Select(Name)).Append('>');
        }

        return name.ToString();
    }

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("Isthmus", StringComparison.Ordinal) == true;
}
