declare module "*/base.json" {
  const base: { world: string; close: Record<string, { file: string; box: [number, number, number, number] }> };
  export default base;
}
