// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Isthmus.Testing;

namespace Isthmus.Tests.Architecture;

/// <summary>What a compiled assembly says about itself, read from its metadata without running it.</summary>
internal sealed record CompiledAssembly(
    string Name,
    IReadOnlySet<string> References,
    IReadOnlySet<string> UsedTypes,
    IReadOnlySet<string> UsedMembers,
    IReadOnlyList<string> MutableStaticFields)
{
    public static CompiledAssembly Read(string name)
    {
        using var file = File.OpenRead(PathOf(name));
        using var image = new PEReader(file);
        var reader = image.GetMetadataReader();
        return new CompiledAssembly(
            name,
            reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name)).ToHashSet(),
            reader.TypeReferences.Select(handle => NameOf(reader, handle)).ToHashSet(),
            reader.MemberReferences.Select(handle => reader.GetMemberReference(handle))
                .Where(member => member.Parent.Kind == HandleKind.TypeReference)
                .Select(member => $"{NameOf(reader, (TypeReferenceHandle)member.Parent)}.{reader.GetString(member.Name)}").ToHashSet(),
            [.. StaticFields(reader)]);
    }

    /// <summary>Beside the tests, or where the project builds it when the tests do not reference it.</summary>
    public static string PathOf(string name)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        return File.Exists(beside)
            ? beside
            : Path.Combine(Repository.Root, "src", name, Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "Isthmus.Tests"), AppContext.BaseDirectory), name + ".dll");
    }

    private static string NameOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{NameOf(reader, (TypeReferenceHandle)type.ResolutionScope)}.{name}"
            : $"{reader.GetString(type.Namespace)}.{name}";
    }

    private static IEnumerable<string> StaticFields(MetadataReader reader)
    {
        foreach (var handle in reader.TypeDefinitions)
        {
            var type = reader.GetTypeDefinition(handle);
            var typeName = reader.GetString(type.Name);
            if (typeName.StartsWith('<'))
            {
                continue;
            }

            foreach (var fieldHandle in type.GetFields())
            {
                var field = reader.GetFieldDefinition(fieldHandle);
                var name = reader.GetString(field.Name);
                var isMutable = (field.Attributes & (FieldAttributes.Static | FieldAttributes.InitOnly | FieldAttributes.Literal)) == FieldAttributes.Static;

                // The compiler's caches of delegates are named <>…; the field of a settable static property is <Name>k__BackingField.
                if (isMutable && !name.StartsWith("<>", StringComparison.Ordinal))
                {
                    yield return $"{typeName}.{name}";
                }
            }
        }
    }
}
